import { type CandleValues, type EpochMs, MINUTE_MS, toDecimal, toEpochMs } from '@candlecast/domain';
import { aCandle } from '@candlecast/testkit';
import { createMinuteBuffer, type MinuteSeries } from '../features/minute-series.ts';
import { createRandom } from '../models/random.ts';

/** 2022-01-01T00:00:00Z. */
export const WALK_START: EpochMs = toEpochMs(1_640_995_200_000);

/** Returns closed 1m candles of a seeded random walk whose volatility swings over the day by e^±`swing`, so that a network can find something. */
export function randomWalk(options: { minutes: number; seed?: number; sigma?: number; swing?: number; from?: EpochMs }): CandleValues[] {
  const random = createRandom(options.seed ?? 1);
  const from = options.from ?? WALK_START;
  const middle = options.sigma ?? 5e-4;
  const swing = options.swing ?? 0.8;
  let price = 40_000;
  return Array.from({ length: options.minutes }, (_, minute) => {
    const openTime = toEpochMs(from + minute * MINUTE_MS);
    const sigma = middle * Math.exp(swing * Math.sin((2 * Math.PI * openTime) / 86_400_000));
    const open = price;
    price *= Math.exp(sigma * random.normal());
    const spread = sigma * Math.abs(random.normal());
    const volume = 20 * Math.exp(random.normal() / 2) * (sigma / middle);
    return aCandle({
      openTime,
      open: toDecimal(open.toFixed(2)),
      high: toDecimal((Math.max(open, price) * (1 + spread)).toFixed(2)),
      low: toDecimal((Math.min(open, price) * (1 - spread)).toFixed(2)),
      close: toDecimal(price.toFixed(2)),
      baseVolume: toDecimal(volume.toFixed(8)),
      takerBuyBaseVolume: toDecimal((volume * random.uniform()).toFixed(8)),
    });
  });
}

/** Returns the candles as a series. */
export function seriesOf(candles: readonly CandleValues[], capacity: number = candles.length): MinuteSeries {
  const buffer = createMinuteBuffer(capacity);
  for (const candle of candles) buffer.put(candle);
  return buffer.series();
}
