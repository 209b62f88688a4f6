import {
  addDecimals,
  type CandleValues,
  type EpochMs,
  maxDecimal,
  minDecimal,
  multiplyDecimals,
  type Trade,
  toDecimal,
} from '@candlecast/domain';

const ZERO = toDecimal('0');

/** Returns the candle that opens at `openTime` after more trades, oldest first; `candle` is how it stood before them, undefined at its beginning. */
export function foldTrades(openTime: EpochMs, candle: CandleValues | undefined, trades: readonly Trade[]): CandleValues | undefined {
  return trades.reduce<CandleValues | undefined>((so, trade) => addTrade(openTime, so, trade), candle);
}

function addTrade(openTime: EpochMs, so: CandleValues | undefined, trade: Trade): CandleValues {
  const { price, size, firstTradeId, lastTradeId, takerSide } = trade;
  const quote = multiplyDecimals(price, size);
  const isBuy = takerSide === 'BUY';
  return {
    openTime,
    open: so?.open ?? price,
    high: so ? maxDecimal(so.high, price) : price,
    low: so ? minDecimal(so.low, price) : price,
    close: price,
    baseVolume: addDecimals(so?.baseVolume ?? ZERO, size),
    quoteVolume: addDecimals(so?.quoteVolume ?? ZERO, quote),
    tradeCount: (so?.tradeCount ?? 0) + lastTradeId - firstTradeId + 1,
    takerBuyBaseVolume: addDecimals(so?.takerBuyBaseVolume ?? ZERO, isBuy ? size : ZERO),
    takerBuyQuoteVolume: addDecimals(so?.takerBuyQuoteVolume ?? ZERO, isBuy ? quote : ZERO),
    firstTradeId: so?.firstTradeId ?? firstTradeId,
    lastTradeId,
  };
}
