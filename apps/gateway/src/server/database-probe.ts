import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '@candlecast/domain';
import type { ReadinessCheck } from '@candlecast/telemetry';

const PROBE_MS = 1_000;
const PATIENCE_MS = 3_000;

/** Asks the database once a second whether it answers, until `signal` aborts; the check says what the last answer was. */
export function startDatabaseProbe(
  log: Pick<EventLog, 'head'>,
  signal: AbortSignal,
): { readonly check: ReadinessCheck; readonly done: Promise<void> } {
  let detail: string | null = 'the database has not answered yet';

  async function run(): Promise<void> {
    while (!signal.aborted) {
      detail = await probe(log);
      await delay(PROBE_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
    }
  }

  const check: ReadinessCheck = { name: 'database', check: () => ({ ready: detail === null, detail }) };
  return { check, done: run() };
}

async function probe(log: Pick<EventLog, 'head'>): Promise<string | null> {
  const patience = new AbortController();
  const tooLate = delay(PATIENCE_MS, `the database has not answered for ${PATIENCE_MS} ms`, { signal: patience.signal }).catch(() => null);
  const answer = log.head().then(
    () => null,
    (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
  );
  const detail = await Promise.race([answer, tooLate]);
  patience.abort();
  return detail;
}
