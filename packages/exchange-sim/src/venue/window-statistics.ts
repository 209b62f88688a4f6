import {
  DAY_MS,
  type Decimal,
  divideDecimals,
  type EpochMs,
  HOUR_MS,
  MINUTE_MS,
  multiplyDecimals,
  subtractDecimals,
} from '@candlecast/domain';
import { joinKlines } from '../market/join-klines.ts';
import type { Kline, SymbolMarket, TakerOrder } from '../market/symbol-market.ts';

/** The windows of the ticker streams. */
export const WINDOWS = { '1h': HOUR_MS, '4h': 4 * HOUR_MS, '1d': DAY_MS } as const;
export type WindowName = keyof typeof WINDOWS;

/** What the tickers say of a window that ends now; it begins on a whole minute and takes the running one in. */
export interface WindowStatistics {
  readonly window: Kline;
  readonly last: TakerOrder;
  readonly previousClose: string;
  readonly change: string;
  readonly changePercent: string;
  readonly weightedAverage: string;
}

const PLACES = 8;

/** Per pair and length: the closed minutes of the window as one kline. They change once a minute, and tickers are asked for every second. */
const closedParts = new WeakMap<SymbolMarket, Map<number, { readonly minute: number; readonly kline: Kline | undefined }>>();

/** Returns the minutes of a window up to `now` as one kline; undefined when nothing traded before. */
export function findWindowKline(symbol: SymbolMarket, window: WindowName | number, now: EpochMs): Kline | undefined {
  const lengthMs = typeof window === 'number' ? window : WINDOWS[window];
  const minute = (Math.floor(now / MINUTE_MS) * MINUTE_MS) as EpochMs;
  const start = (minute + MINUTE_MS - lengthMs) as EpochMs;
  return foldSince(symbol, start, minute, now);
}

/** Returns the statistics of a window up to `now`; undefined when nothing traded before. */
export function findWindow(symbol: SymbolMarket, window: WindowName | number, now: EpochMs): WindowStatistics | undefined {
  return toStatistics(symbol, findWindowKline(symbol, window, now), now);
}

/** Returns the statistics from a whole minute on. */
export function findStatisticsSince(symbol: SymbolMarket, start: EpochMs, now: EpochMs): WindowStatistics | undefined {
  return toStatistics(symbol, foldSince(symbol, start, (Math.floor(now / MINUTE_MS) * MINUTE_MS) as EpochMs, now), now);
}

function foldSince(symbol: SymbolMarket, start: EpochMs, minute: EpochMs, now: EpochMs): Kline | undefined {
  const parts = closedParts.get(symbol) ?? new Map();
  closedParts.set(symbol, parts);
  const key = minute - start;
  let closed = parts.get(key);
  if (closed?.minute !== minute) {
    closed = { minute, kline: start < minute ? symbol.fold(start, minute, now) : undefined };
    // Windows that start at a fixed time have another length every minute.
    if (parts.size > 8) parts.clear();
    parts.set(key, closed);
  }
  const running = symbol.fold(minute, (minute + MINUTE_MS) as EpochMs, now);
  return joinKlines(start, now, [closed.kline, running]);
}

function toStatistics(symbol: SymbolMarket, window: Kline | undefined, now: EpochMs): WindowStatistics | undefined {
  const last = symbol.findLastOrder(now);
  if (!window || !last) return undefined;
  const [before] = symbol.minutesBackFrom((window.openTime - 1) as EpochMs, now);
  const open = window.open as Decimal;
  const change = subtractDecimals(window.close as Decimal, open);
  const isTraded = /[1-9]/.test(window.volume);
  return {
    window,
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
