import type { FeedState, InstrumentId, SeriesState, Venue } from '@candlecast/domain';
import type { ReadinessCheck } from '@candlecast/telemetry';
import type { SourceStatus } from '../collect/collector.ts';

/** What `/status` answers. */
export interface IngestStatus {
  readonly venue: Venue;
  /** Of the whole venue, over all processes. */
  readonly feed: FeedState;
  /** How many instruments of this process are in each state. */
  readonly counts: Readonly<Partial<Record<SeriesState, number>>>;
  /** Rows of the first part of the history over all instruments of this process. */
  readonly rowsDone: number;
  readonly rowsWanted: number;
  /** Instruments of this process, at most 100: those that are not live come first. */
  readonly instruments: readonly InstrumentStatus[];
  /** Sources outside, as this process has read them last. */
  readonly sources: readonly SourceStatus[];
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

const MOST_SHOWN = 100;

/** Rows of the first part of the history. */
export type FirstPart = Pick<InstrumentStatus, 'rowsDone' | 'rowsWanted'>;

/** Returns the status of a process that keeps `instruments`. */
export function toStatus(
  venue: Venue,
  feed: FeedState,
  instruments: readonly InstrumentStatus[],
  firstPart: FirstPart,
  sources: readonly SourceStatus[],
): IngestStatus {
  const counts: Partial<Record<SeriesState, number>> = {};
  for (const { state } of instruments) counts[state] = (counts[state] ?? 0) + 1;
  const isLive = ({ state }: InstrumentStatus) => state === 'LIVE';
  const shown =
    instruments.length <= MOST_SHOWN ? instruments : [...instruments.filter((one) => !isLive(one)), ...instruments.filter(isLive)];
  return {
    ...{ venue, feed, counts },
    ...firstPart,
    instruments: shown.slice(0, MOST_SHOWN),
    sources,
  };
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
  return verdict(
    waiting.length === 0,
    `not live yet: ${waiting.slice(0, 5).join(', ')}${waiting.length > 5 ? ` and ${waiting.length - 5} more` : ''}`,
  );
}

function verdict(ready: boolean, problem: string): ReturnType<ReadinessCheck['check']> {
  return { ready, detail: ready ? null : problem };
}
