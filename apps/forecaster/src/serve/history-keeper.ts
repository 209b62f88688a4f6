import {
  addMs,
  type CandleReader,
  closeTimeOf,
  type Decimal,
  type EpochMs,
  type InstrumentId,
  type LogEvent,
  MINUTE_MS,
} from '@candlecast/domain';
import { loadSeries } from '../features/load-series.ts';
import type { MinuteBuffer, MinuteSeries } from '../features/minute-series.ts';
import { HISTORY_MINUTES } from '../features/sigma.ts';

/** The newest history of an instrument, ending with its newest closed candle. */
export interface KeptHistory {
  readonly series: MinuteSeries;
  readonly asOf: EpochMs;
  readonly refPrice: Decimal;
}

/** Keeps what the models need of every instrument's history, moved on by the log and read from the store where the log does not reach. */
export interface HistoryKeeper {
  /** Reads an instrument's history up to the close at `end`, which must be stored. */
  load(id: InstrumentId, end: EpochMs): Promise<void>;
  /** Takes an event of the log; returns the instrument whose newest close it was. */
  take(event: LogEvent): Promise<InstrumentId | undefined>;
  find(id: InstrumentId): KeptHistory | undefined;
  /** Forgets everything: what follows is read from the store again. */
  clear(): void;
}

interface Entry {
  readonly buffer: MinuteBuffer;
  asOf: EpochMs;
  refPrice: Decimal;
}

/** Returns an empty keeper. */
export function createHistoryKeeper(candles: CandleReader): HistoryKeeper {
  const entries = new Map<InstrumentId, Entry>();

  async function load(id: InstrumentId, end: EpochMs): Promise<void> {
    const buffer = await loadSeries(candles, id, end, HISTORY_MINUTES);
    const range = { from: addMs(end, -MINUTE_MS), to: end };
    const [newest] = await candles.findCandles({ instrumentId: id, interval: '1m', range, limit: 1, take: 'newest' });
    if (newest) entries.set(id, { buffer, asOf: end, refPrice: newest.close });
  }

  async function takeCandle({ payload: { instrumentId, interval, candle } }: LogEvent & { topic: 'candle.closed' | 'candle.corrected' }) {
    if (interval !== '1m') return undefined;
    const closeTime = closeTimeOf(candle.openTime, '1m');
    const entry = entries.get(instrumentId);
    // A jump: what lies between may have been filled by other ways than the log.
    if (!entry || candle.openTime > entry.asOf) {
      await load(instrumentId, closeTime);
      return entries.has(instrumentId) ? instrumentId : undefined;
    }
    entry.buffer.put(candle);
    if (closeTime < entry.asOf) return undefined;
    const isNew = closeTime > entry.asOf;
    entry.asOf = closeTime;
    entry.refPrice = candle.close;
    return isNew ? instrumentId : undefined;
  }

  return {
    load,
    clear: () => entries.clear(),
    async take(event) {
      if (event.topic === 'candle.closed' || event.topic === 'candle.corrected') return takeCandle(event);
      if (event.topic !== 'candles.backfilled') return undefined;
      const { instrumentId, to } = event.payload;
      const entry = entries.get(instrumentId);
      const reachesIn = entry !== undefined && to > addMs(entry.asOf, -HISTORY_MINUTES * MINUTE_MS);
      if (reachesIn) await load(instrumentId, entry.asOf);
      return undefined;
    },
    find(id) {
      const entry = entries.get(id);
      return entry && { series: entry.buffer.series(), asOf: entry.asOf, refPrice: entry.refPrice };
    },
  };
}
