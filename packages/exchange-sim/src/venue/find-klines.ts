import type { EpochMs } from '@candlecast/domain';
import type { Kline, SymbolMarket } from '../market/symbol-market.ts';
import { foldKline } from './fold-kline.ts';
import { type KlineInterval, nextOpenTime, openTimeOf } from './kline-interval.ts';
import { Turns } from './turns.ts';

/** Which klines are wanted. Bounds act on the open time and are inclusive. */
export interface KlineQuery {
  readonly interval: KlineInterval;
  readonly offsetMs: number;
  readonly startTime?: EpochMs | undefined;
  readonly endTime?: EpochMs | undefined;
  readonly limit: number;
}

/**
 * Returns klines, oldest first: with `startTime` the oldest from there, otherwise the newest (up to `endTime`). The kline that is open
 * at `now` comes last, as it stands.
 */
export async function findKlines(symbol: SymbolMarket, query: KlineQuery, now: EpochMs): Promise<Kline[]> {
  const isForward = query.startTime !== undefined;
  const found: Kline[] = [];
  const turns = new Turns();
  for (const kline of isForward ? klinesFrom(symbol, query, now) : klinesBackFrom(symbol, query, now)) {
    if (query.endTime !== undefined && kline.openTime > query.endTime) break;
    found.push(kline);
    if (found.length >= query.limit) break;
    if (turns.isOver) await turns.rest();
  }
  return isForward ? found : found.reverse();
}

/** Returns the kline of the interval that contains `now`, as it stands. */
export function findRunningKline(symbol: SymbolMarket, interval: KlineInterval, offsetMs: number, now: EpochMs): Kline | undefined {
  const openTime = openTimeOf(interval, now, offsetMs);
  return foldKline(symbol, openTime, nextOpenTime(interval, openTime, offsetMs), now);
}

function* klinesFrom(symbol: SymbolMarket, { interval, offsetMs, startTime }: KlineQuery, now: EpochMs): Generator<Kline> {
  const from = startTime ?? symbol.firstTime;
  if (interval === '1m') return yield* symbol.minutesFrom(from, now);
  const first = openTimeOf(interval, symbol.firstTime, offsetMs);
  const bucket = openTimeOf(interval, from, offsetMs);
  const start = bucket < from ? nextOpenTime(interval, bucket, offsetMs) : bucket;
  const end = Math.min(now, (symbol.endTime ?? now + 1) - 1);
  for (let openTime = Math.max(first, start) as EpochMs; openTime <= end; ) {
    const next = nextOpenTime(interval, openTime, offsetMs);
    const kline = foldKline(symbol, openTime, next, now);
    if (kline) yield kline;
    openTime = next;
  }
}

function* klinesBackFrom(symbol: SymbolMarket, { interval, offsetMs, endTime }: KlineQuery, now: EpochMs): Generator<Kline> {
  const until = Math.min(endTime ?? now, now, (symbol.endTime ?? now + 1) - 1) as EpochMs;
  if (interval === '1m') return yield* symbol.minutesBackFrom(until, now);
  for (let openTime = openTimeOf(interval, until, offsetMs); ; ) {
    const next = nextOpenTime(interval, openTime, offsetMs);
    if (next <= symbol.firstTime) return;
    const kline = foldKline(symbol, openTime, next, now);
    if (kline) yield kline;
    openTime = openTimeOf(interval, (openTime - 1) as EpochMs, offsetMs);
  }
}
