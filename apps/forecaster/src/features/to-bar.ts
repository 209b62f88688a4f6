import type { CandleValues } from '@candlecast/domain';
import type { Bar } from './bar.ts';
import { toFeature } from './to-feature.ts';

/** Returns a closed candle in floats. */
export function toBar({ close, high, low, baseVolume, takerBuyBaseVolume, tradeCount }: CandleValues): Bar {
  return {
    logClose: Math.log(toFeature(close)),
    logHigh: Math.log(toFeature(high)),
    logLow: Math.log(toFeature(low)),
    baseVolume: toFeature(baseVolume),
    takerBuyBaseVolume: toFeature(takerBuyBaseVolume),
    tradeCount: tradeCount ?? Number.NaN,
  };
}
