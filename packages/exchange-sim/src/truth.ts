import { type CandleValues, type Decimal, type EpochMs, MINUTE_MS, type TimeRange } from '@candlecast/domain';
import { joinKlines } from './market/join-klines.ts';
import type { Kline, SymbolMarket } from './market/symbol-market.ts';
import { findKlines } from './venue/find-klines.ts';
import { type KlineInterval, nextOpenTime } from './venue/kline-interval.ts';

/** An aggregate trade as it was, in the project's own words. */
export interface TradeTruth {
  readonly id: number;
  readonly time: EpochMs;
  readonly price: Decimal;
  readonly quantity: Decimal;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly isBuyerMaker: boolean;
}

/** Returns exactly the aggregate trades of `range` up to `now`, oldest first. */
export function findTrueTrades(symbol: SymbolMarket, { from, to }: TimeRange, now: EpochMs): TradeTruth[] {
  const until = Math.min(to - 1, now) as EpochMs;
  return Array.from(symbol.ordersBetween((from - 1) as EpochMs, until), (order) => ({
    id: order.id,
    time: order.time,
    price: order.price as Decimal,
    quantity: order.quantity as Decimal,
    firstTradeId: order.firstTradeId,
    lastTradeId: order.lastTradeId,
    isBuyerMaker: order.isBuyerMaker,
  }));
}

/**
 * Returns exactly the candles that are closed at `now` and open in `range`, oldest first, in the project's own words: what a store must
 * hold, field by field. Rows off the minute grid count for the minute in which they open, and rows of one minute are one candle.
 */
export async function findTruth(symbol: SymbolMarket, interval: KlineInterval, range: TimeRange, now: EpochMs): Promise<CandleValues[]> {
  const query = { interval, offsetMs: 0, startTime: range.from, endTime: (range.to - 1) as EpochMs, limit: Number.POSITIVE_INFINITY };
  const found = await findKlines(symbol, query, now);
  const isClosed = ({ openTime }: Kline) => nextOpenTime(interval, openTime) <= now;
  if (interval !== '1m' || found.every(({ openTime }) => openTime % MINUTE_MS === 0)) return found.filter(isClosed).map(toCandle);
  const minutes = new Map<number, Kline[]>();
  for (const row of found) {
    const minute = Math.floor(row.openTime / MINUTE_MS) * MINUTE_MS;
    minutes.set(minute, [...(minutes.get(minute) ?? []), row]);
  }
  return [...minutes].filter(([, rows]) => rows.every(isClosed)).map(([minute, rows]) => toCandle(mergeRows(minute as EpochMs, rows)));
}

function mergeRows(minute: EpochMs, rows: readonly Kline[]): Kline {
  const [row] = rows;
  const merged = rows.length === 1 ? row : joinKlines(minute, (minute + MINUTE_MS - 1) as EpochMs, rows);
  if (!merged) throw new RangeError('a minute without rows');
  return { ...merged, openTime: minute };
}

function toCandle(kline: Kline): CandleValues {
  return {
    openTime: kline.openTime,
    open: kline.open as Decimal,
    high: kline.high as Decimal,
    low: kline.low as Decimal,
    close: kline.close as Decimal,
    baseVolume: kline.volume as Decimal,
    quoteVolume: kline.quoteVolume as Decimal | null,
    tradeCount: kline.tradeCount,
    takerBuyBaseVolume: kline.takerBuyBase as Decimal | null,
    takerBuyQuoteVolume: kline.takerBuyQuote as Decimal | null,
    firstTradeId: kline.firstTradeId,
    lastTradeId: kline.lastTradeId,
  };
}
