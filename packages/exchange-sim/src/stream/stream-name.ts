import { type KlineInterval, parseKlineInterval, parseTimeZone } from '../venue/kline-interval.ts';

/** What a stream carries. `silent` streams are well formed and never send: unknown kinds, and symbols that are not lower case. */
export type StreamKind =
  | { readonly kind: 'kline'; readonly interval: KlineInterval; readonly offsetMs: number }
  | { readonly kind: 'bookTicker' | 'aggTrade' | 'trade' | 'miniTicker' }
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
  if (!symbol || !kind || zone.length > 1 || /[\s"\\]/.test(name))
    return name.startsWith('!') ? { name, symbol: '', stream: { kind: 'silent' } } : undefined;
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
  if (kind === 'bookTicker' || kind === 'aggTrade' || kind === 'trade' || kind === 'miniTicker') return { kind };
  const [, levels] = /^depth(5|10|20)?$/.exec(kind) ?? [undefined, undefined];
  const isDepth = kind === 'depth' || levels !== undefined;
  if (!isDepth || (zone !== undefined && zone !== '100ms' && zone !== '1000ms')) return { kind: 'silent' };
  const everyMs = zone === '100ms' ? 100 : 1_000;
  return levels === undefined ? { kind: 'depth', everyMs } : { kind: 'partialDepth', levels: Number.parseInt(levels, 10), everyMs };
}
