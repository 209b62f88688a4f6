import type { CandleValues, Decimal, EpochMs, TimeRange } from '@candlecast/domain';
import type { Kline, SymbolMarket } from './market/symbol-market.ts';
import { findKlines } from './venue/find-klines.ts';
import { type KlineInterval, nextOpenTime } from './venue/kline-interval.ts';

/**
 * Returns exactly the candles that are closed at `now` and open in `range`, oldest first, in the project's own words: what a store must
 * hold, field by field.
 */
export async function findTruth(symbol: SymbolMarket, interval: KlineInterval, range: TimeRange, now: EpochMs): Promise<CandleValues[]> {
  const query = { interval, offsetMs: 0, startTime: range.from, endTime: (range.to - 1) as EpochMs, limit: Number.POSITIVE_INFINITY };
  const found = await findKlines(symbol, query, now);
  return found.filter(({ openTime }) => nextOpenTime(interval, openTime) <= now).map(toCandle);
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
