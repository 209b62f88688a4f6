import { createEventLog } from '@candlecast/bus';
import type { ForecastIssuedPayload, ForecastResolvedPayload, LedgerHead, LogPosition } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';

/** What a reader of the log was told of forecasts. */
export interface Heard {
  /** Place and hash of each published forecast, by its id. */
  readonly issued: ReadonlyMap<string, string>;
  /** What came of each, by its id. */
  readonly resolved: ReadonlyMap<string, string>;
  /** Heads that came with them, oldest first; one in so many is kept. */
  readonly heads: readonly LedgerHead[];
  /** Events that were told more than once. */
  readonly doubles: readonly string[];
  /** Resolves when the next minute has closed. */
  nextClose(): Promise<void>;
  /** Resolves when all that is committed has been heard. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

const KEEP_HEAD_EVERY = 500;
const CATCH_UP_MS = 60_000;

/** Follows the log of the database at `url` from its present head on, as a gateway does. */
export async function startHearing(url: string): Promise<Heard> {
  const log = createEventLog({ url });
  const issued = new Map<string, string>();
  const resolved = new Map<string, string>();
  const heads: LedgerHead[] = [];
  const doubles: string[] = [];
  let waiting: (() => void)[] = [];
  const stop = new AbortController();
  const start = await log.head();
  let reached: LogPosition = start;

  function takeIssued({ forecast, head }: ForecastIssuedPayload): void {
    if (issued.has(forecast.id)) doubles.push(`${forecast.id} was published twice`);
    issued.set(forecast.id, toPlace(forecast));
    if (issued.size % KEEP_HEAD_EVERY === 1) heads.push(head);
  }

  function takeResolved({ forecast, resolution }: ForecastResolvedPayload): void {
    if (resolved.has(forecast.id)) doubles.push(`${forecast.id} was resolved twice`);
    resolved.set(forecast.id, toOutcome({ actual: resolution.actual, crps: resolution.score?.crps ?? null }));
  }

  const following = (async () => {
    for await (const event of log.follow(start, stop.signal)) {
      if (event.topic === 'forecast.issued') takeIssued(event.payload);
      if (event.topic === 'forecast.resolved') takeResolved(event.payload);
      if (event.topic === 'candle.closed' && event.payload.interval === '1m') {
        for (const resolve of waiting) resolve();
        waiting = [];
      }
      reached = event;
    }
  })();

  return {
    issued,
    resolved,
    heads,
    doubles,
    nextClose: () => new Promise((resolve) => waiting.push(resolve)),
    async catchUp() {
      const head = await log.head();
      await eventually(
        () => {
          if (reached.seq < head.seq) throw new Error(`the log was heard up to ${reached.seq}, it reaches ${head.seq}`);
        },
        { timeoutMs: CATCH_UP_MS },
      );
    },
    async stop() {
      stop.abort();
      await following;
      await log.close();
    },
  };
}

/** A published forecast as a line to compare. */
export function toPlace({ ledgerSeq, hash }: { readonly ledgerSeq: number; readonly hash: string }): string {
  return `${ledgerSeq} ${hash}`;
}

/** An outcome as a line to compare. */
export function toOutcome({ actual, crps }: { readonly actual: string | null; readonly crps: number | null }): string {
  return `${actual} ${crps}`;
}
