import {
  addMs,
  type CandleValues,
  type CommitResult,
  type EpochMs,
  type GapReason,
  type InstrumentId,
  MINUTE_MS,
  type TimeRange,
} from '@candlecast/domain';
import type { Exchange } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import type { PatientExchange } from '../patient-exchange.ts';
import type { CandleQueue } from './candle-queue.ts';
import type { IngestStore } from './patient-store.ts';

/** What commits need. */
export interface CommitOptions {
  readonly exchange: Exchange;
  readonly patience: PatientExchange;
  readonly store: IngestStore;
  readonly queue: CandleQueue;
  readonly metrics: IngestMetrics;
}

const PAGE = 1_000;

/** The ways on which candles and gaps of a series come into the store; all are counted. */
export interface CandleCommits {
  live(id: InstrumentId, candles: readonly CandleValues[]): Promise<CommitResult>;
  history(id: InstrumentId, candles: readonly CandleValues[]): Promise<void>;
  /** Candles that filled a hole. A hole lies on one side of the first live candle: what is before that is history. */
  found(id: InstrumentId, candles: readonly CandleValues[], liveSince: EpochMs): Promise<void>;
  gap(id: InstrumentId, range: TimeRange, reason: GapReason): Promise<void>;
  /** Reads what the exchange has in a range. */
  fetchRange(symbol: string, range: TimeRange): Promise<CandleValues[]>;
}

/** Returns the ways into a store. */
export function createCandleCommits({ exchange, patience, store, queue, metrics }: CommitOptions): CandleCommits {
  const live: CandleCommits['live'] = async (id, candles) => count('live', await queue.commit(id, candles));
  const history: CandleCommits['history'] = async (id, candles) => {
    count('history', await store.candleWriter.commitHistory({ instrumentId: id, candles }, exchange.clock.now()));
  };

  function count(path: 'live' | 'history', result: CommitResult): CommitResult {
    metrics.committedCandles.inc({ path }, result.inserted);
    metrics.correctedCandles.inc(result.corrected);
    return result;
  }

  return {
    live,
    history,
    async found(id, candles, liveSince) {
      if (candles.every(({ openTime }) => openTime >= liveSince)) await live(id, candles);
      else await history(id, candles);
    },
    async gap(id, range, reason) {
      await store.candleWriter.recordGap(id, range, reason, exchange.clock.now());
      metrics.recordedGaps.inc({ reason });
    },
    /** Page by page up to an empty one: a short page is no proof that nothing follows. */
    async fetchRange(symbol, { from, to }) {
      const found: CandleValues[] = [];
      for (let next = from; next < to; ) {
        const page = await patience.askOnce(() => exchange.fetchCandles({ symbol, from: next, to, limit: PAGE, purpose: 'repair' }));
        const last = page.at(-1);
        if (!last) break;
        found.push(...page);
        next = addMs(last.openTime, MINUTE_MS);
      }
      return found;
    },
  };
}
