import {
  type CandleReader,
  candleKey,
  closeTimeOf,
  type InstrumentId,
  type Interval,
  intervalMs,
  type TimeRange,
} from '@candlecast/domain';
import type { ClosedCandle } from './alert-kind.ts';

/** The newest closed candles of the series that alerts look at. */
export interface CandleWindows {
  /** Up to `count` candles that end with `candle`, oldest first: those of the `count` buckets up to its own. */
  upTo(series: { id: InstrumentId; interval: Interval }, candle: ClosedCandle, count: number): Promise<readonly ClosedCandle[]>;
  /** Reads a series anew when it is next asked for. */
  forget(key: string): void;
}

/** Candles that are kept over all series; the series that was not asked for the longest goes first. */
const MOST_CANDLES = 500_000;

/** Returns windows that are read once and then grow with each close. */
export function createCandleWindows(reader: Pick<CandleReader, 'findCandles'>, mostCandles = MOST_CANDLES): CandleWindows {
  const windows = new Map<string, { readonly count: number; candles: ClosedCandle[] }>();
  let kept = 0;

  function forget(key: string): void {
    kept -= windows.get(key)?.candles.length ?? 0;
    windows.delete(key);
  }

  function keep(key: string, window: { readonly count: number; candles: ClosedCandle[] }): void {
    forget(key);
    windows.set(key, window);
    kept += window.candles.length;
    for (const [oldest] of windows) {
      if (kept <= mostCandles || oldest === key) return;
      forget(oldest);
    }
  }

  return {
    forget,
    async upTo({ id, interval }, candle, count) {
      const key = candleKey(id, interval);
      const stepMs = intervalMs(interval);
      const since = (wanted: number) => candle.openTime - (wanted - 1) * stepMs;
      const known = windows.get(key);
      const last = known?.candles.at(-1);
      if (known && last && known.count >= count && (last.openTime === candle.openTime || last.openTime + stepMs === candle.openTime)) {
        const candles = last.openTime === candle.openTime ? known.candles : [...known.candles, candle];
        keep(key, { count: known.count, candles: candles.filter(({ openTime }) => openTime >= since(known.count)) });
        return candles.filter(({ openTime }) => openTime >= since(count));
      }
      const range = { from: since(count), to: closeTimeOf(candle.openTime, interval) } as TimeRange;
      const found = await reader.findCandles({ instrumentId: id, interval, range, limit: count, take: 'newest' });
      const before = found.filter(({ openTime, isClosed }) => isClosed && openTime < candle.openTime);
      const candles = [...before.map(({ openTime, close }) => ({ openTime, close })), candle];
      keep(key, { count, candles });
      return candles;
    },
  };
}
