import type { FeedState, InstrumentId, SeriesState, Venue } from '@candlecast/domain';
import type { ReadinessCheck } from '@candlecast/telemetry';

/** What `/status` answers. */
export interface IngestStatus {
  readonly venue: Venue;
  readonly feed: FeedState;
  readonly instruments: readonly InstrumentStatus[];
}

/** Rows are 1m candles: of the first part of the history until that is complete, then of the rest. */
export interface InstrumentStatus {
  readonly id: InstrumentId;
  readonly state: SeriesState;
  readonly reason: string | null;
  readonly rowsDone: number;
  readonly rowsWanted: number;
}

/** What readiness depends on. */
export interface ReadinessFacts {
  readonly isDatabaseAnswering: () => boolean;
  readonly isExchangeAnswering: () => boolean;
  /** Undefined before the instruments are known. */
  readonly instruments: () => readonly Pick<InstrumentStatus, 'id' | 'state'>[] | undefined;
}

/** Ready means: database and exchange answer, and every series is live or given up for a stated reason. */
export function readinessChecks(facts: ReadinessFacts): ReadinessCheck[] {
  return [
    { name: 'database', check: () => verdict(facts.isDatabaseAnswering(), 'the database does not answer') },
    { name: 'exchange', check: () => verdict(facts.isExchangeAnswering(), 'the exchange does not answer') },
    { name: 'series', check: () => checkSeries(facts.instruments()) },
  ];
}

function checkSeries(instruments: readonly Pick<InstrumentStatus, 'id' | 'state'>[] | undefined): ReturnType<ReadinessCheck['check']> {
  if (!instruments) return verdict(false, 'the instruments are not known yet');
  const waiting = instruments.filter(({ state }) => state === 'REQUESTED' || state === 'BACKFILLING').map(({ id }) => id);
  return verdict(waiting.length === 0, `not live yet: ${waiting.join(', ')}`);
}

function verdict(ready: boolean, problem: string): ReturnType<ReadinessCheck['check']> {
  return { ready, detail: ready ? null : problem };
}
