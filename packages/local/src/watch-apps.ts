import { setTimeout as delay } from 'node:timers/promises';
import type { HistoryProgress, TrainingProgress } from './local-event.ts';
import type { SupervisedApp } from './supervise-app.ts';
import { failWhenHopeless, findJson } from './wait-until-ready.ts';

const POLL_MS = 500;
/** Without a row for so long history goes on in the background, and the addresses are shown. */
const STALLED_MS = 60_000;

/** What ingest serves under `/status`. */
interface IngestStatus {
  readonly instruments: readonly { readonly id: string; readonly state: string; readonly rowsDone: number; readonly rowsWanted: number }[];
}

/**
 * Reports how history loads until ingest is ready, and returns whether it is: false when no row came for a minute (the exchange
 * does not answer, say). Throws `app_failed` when ingest keeps ending.
 */
export async function watchHistory(
  ingest: SupervisedApp,
  url: string,
  signal: AbortSignal,
  onProgress: (progress: HistoryProgress) => void,
): Promise<boolean> {
  const measure = createHistoryMeter();
  let best = -1;
  let changedAt = performance.now();
  while ((await findJson(`${url}/ready`)) === undefined) {
    failWhenHopeless(ingest);
    const progress = measure(await findJson(`${url}/status`));
    if (progress) onProgress(progress);
    if (progress && progress.rowsDone > best) {
      best = progress.rowsDone;
      changedAt = performance.now();
    }
    if (performance.now() - changedAt > STALLED_MS) return false;
    await delay(POLL_MS, undefined, { signal });
  }
  return true;
}

/** Reports how the training of the first model goes, whenever that changes, until a model is served or `signal` aborts. */
export async function watchTraining(url: string, signal: AbortSignal, onProgress: (progress: TrainingProgress) => void): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const progress = (await findJson(`${url}/status`)) as TrainingProgress | undefined;
    const text = JSON.stringify(progress);
    if (progress && text !== last) onProgress(progress);
    if (progress?.model) return;
    last = text;
    await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
  }
}

/**
 * Returns a function that adds up what ingest says of its instruments; undefined before it knows them. A live instrument counts as
 * done with what it wanted before: from then on ingest fetches older history in the background, which nobody waits for.
 */
export function createHistoryMeter(): (status: unknown) => HistoryProgress | undefined {
  const rowsWanted = new Map<string, number>();
  return (status) => {
    const instruments = (status as Partial<IngestStatus> | undefined)?.instruments ?? [];
    if (instruments.length === 0) return undefined;
    for (const { id, state, ...rows } of instruments) if (state !== 'LIVE') rowsWanted.set(id, rows.rowsWanted);
    return {
      rowsDone: sum(instruments.map(({ id, state, rowsDone }) => (state === 'LIVE' ? (rowsWanted.get(id) ?? 0) : rowsDone))),
      rowsWanted: sum([...rowsWanted.values()]),
      liveInstruments: instruments.filter(({ state }) => state === 'LIVE').length,
      instruments: instruments.length,
    };
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
