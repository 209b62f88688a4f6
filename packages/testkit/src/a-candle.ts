import { type Candle, type EpochMs, toDecimal, toEpochMs } from '@candlecast/domain';

/** 2022-01-01T00:00:00Z, where every builder starts. */
const START = toEpochMs(1_640_995_200_000);

/** Builds a plausible closed 1m candle; `values` replaces what the test is about. */
export function aCandle(values: Partial<Candle> = {}): Candle {
  const openTime: EpochMs = values.openTime ?? START;
  return {
    openTime,
    open: toDecimal('46216.93'),
    high: toDecimal('46271.08'),
    low: toDecimal('46208.37'),
    close: toDecimal('46250.00'),
    baseVolume: toDecimal('40.57574000'),
    quoteVolume: toDecimal('1875941.74201550'),
    tradeCount: 1_109,
    takerBuyBaseVolume: toDecimal('25.32921000'),
    takerBuyQuoteVolume: toDecimal('1171107.73456760'),
    firstTradeId: 1_199_000_000,
    lastTradeId: 1_199_001_108,
    isClosed: true,
    revision: 0,
    knownAt: toEpochMs(openTime + 60_050),
    reconstructed: false,
    ...values,
  };
}
