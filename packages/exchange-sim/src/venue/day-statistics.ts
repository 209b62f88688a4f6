import { DAY_MS, type Decimal, divideDecimals, type EpochMs, MINUTE_MS, multiplyDecimals, subtractDecimals } from '@candlecast/domain';
import type { Kline, SymbolMarket, TakerOrder } from '../market/symbol-market.ts';

/** What the tickers say of the last 24 hours (1,440 minutes, the running one included). */
export interface DayStatistics {
  readonly window: Kline;
  readonly last: TakerOrder;
  readonly previousClose: string;
  readonly change: string;
  readonly changePercent: string;
  readonly weightedAverage: string;
}

const PLACES = 8;

/** Returns the statistics of the 24 hours up to `now`; undefined when nothing traded before. */
export function findDayStatistics(symbol: SymbolMarket, now: EpochMs): DayStatistics | undefined {
  const end = (Math.floor(now / MINUTE_MS) * MINUTE_MS + MINUTE_MS) as EpochMs;
  const start = (end - DAY_MS) as EpochMs;
  const window = symbol.fold(start, end, now);
  const last = symbol.findLastOrder(now);
  if (!window || !last) return undefined;
  const [before] = symbol.minutesBackFrom((start - 1) as EpochMs, now);
  const open = window.open as Decimal;
  const change = subtractDecimals(window.close as Decimal, open);
  const isTraded = /[1-9]/.test(window.volume);
  return {
    window: { ...window, closeTime: now },
    last,
    previousClose: before?.close ?? window.open,
    change: widen(change),
    changePercent: divideDecimals(multiplyDecimals(change, '100' as Decimal), open, 3),
    weightedAverage:
      isTraded && window.quoteVolume !== null
        ? divideDecimals(window.quoteVolume as Decimal, window.volume as Decimal, PLACES)
        : widen(window.close),
  };
}

/** Recordings may have fewer decimals than the exchange's eight. */
function widen(text: string): string {
  const point = text.indexOf('.');
  return point < 0 ? `${text}.${'0'.repeat(PLACES)}` : text.padEnd(point + 1 + PLACES, '0');
}
