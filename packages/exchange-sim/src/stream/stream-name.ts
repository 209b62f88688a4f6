import { type KlineInterval, parseKlineInterval, parseTimeZone } from '../venue/kline-interval.ts';
import { WINDOWS, type WindowName } from '../venue/window-statistics.ts';

/** How often tickers of any kind are sent. */
export const TICKER_EVERY_MS = 1_000;

const PLAIN = ['bookTicker', 'aggTrade', 'trade', 'miniTicker', 'ticker', 'avgPrice'] as const;

/** What a stream carries. `silent` streams are well formed and never send: unknown kinds, and symbols that are not lower case. */
export type StreamKind =
  | { readonly kind: 'kline'; readonly interval: KlineInterval; readonly offsetMs: number }
  | { readonly kind: 'bookTicker' | 'aggTrade' | 'trade' | 'miniTicker' | 'ticker' | 'avgPrice' }
  | { readonly kind: 'windowTicker'; readonly window: WindowName }
  /** All pairs in one array: tickers of a window, or the mini tickers. */
  | { readonly kind: 'allTickers'; readonly window: WindowName | undefined }
  | { readonly kind: 'depth'; readonly everyMs: number }
  | { readonly kind: 'partialDepth'; readonly levels: number; readonly everyMs: number }
  | { readonly kind: 'silent' };

/** A stream of one pair. `symbol` is upper case, as REST writes it, and need not exist. */
export interface StreamName {
  readonly name: string;
  readonly symbol: string;
  readonly stream: StreamKind;
}

/** Reads a stream's name, such as `btcusdt@kline_1m`; undefined when it is malformed. */
export function parseStreamName(name: string): StreamName | undefined {
  const [symbol, kind, ...zone] = name.split('@');
  if (name.startsWith('!') && !/[\s"\\]/.test(name)) return { name, symbol: '', stream: parseAll(name) };
  if (!symbol || !kind || zone.length > 1 || /[\s"\\]/.test(name)) return undefined;
  if (symbol !== symbol.toLowerCase()) return { name, symbol, stream: { kind: 'silent' } };
  return { name, symbol: symbol.toUpperCase(), stream: parseKind(kind, zone[0]) };
}

function parseKind(kind: string, zone: string | undefined): StreamKind {
  if (kind.startsWith('kline_')) {
    const interval = parseKlineInterval(kind.slice('kline_'.length));
    const offsetMs = zone === undefined ? 0 : parseTimeZone(zone);
    return interval && offsetMs !== undefined ? { kind: 'kline', interval, offsetMs } : { kind: 'silent' };
  }
  if (zone !== undefined && !kind.startsWith('depth')) return { kind: 'silent' };
  if (isPlain(kind)) return { kind };
  const window = parseWindow(kind);
  if (window) return { kind: 'windowTicker', window };
  const [, levels] = /^depth(5|10|20)?$/.exec(kind) ?? [undefined, undefined];
  const isDepth = kind === 'depth' || levels !== undefined;
  if (!isDepth || (zone !== undefined && zone !== '100ms' && zone !== '1000ms')) return { kind: 'silent' };
  const everyMs = zone === '100ms' ? 100 : 1_000;
  return levels === undefined ? { kind: 'depth', everyMs } : { kind: 'partialDepth', levels: Number.parseInt(levels, 10), everyMs };
}

/** Of all pairs: the mini tickers, and the tickers of the windows. `!ticker@arr` and `!bookTicker` are gone. */
function parseAll(name: string): StreamKind {
  if (name === '!miniTicker@arr') return { kind: 'allTickers', window: undefined };
  const window = name.endsWith('@arr') ? parseWindow(name.slice(1, -'@arr'.length)) : undefined;
  return window ? { kind: 'allTickers', window } : { kind: 'silent' };
}

function parseWindow(kind: string): WindowName | undefined {
  const window = kind.startsWith('ticker_') ? kind.slice('ticker_'.length) : '';
  return Object.hasOwn(WINDOWS, window) ? (window as WindowName) : undefined;
}

function isPlain(kind: string): kind is (typeof PLAIN)[number] {
  return PLAIN.some((plain) => plain === kind);
}
