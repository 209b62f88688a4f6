import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import type { MinuteSeries } from '../../../apps/forecaster/src/features/minute-series.ts';
import { createRandom } from '../../../apps/forecaster/src/models/random.ts';

const MIDDLE_SIGMA = 5e-4;
const DAY_MINUTES = 1_440;

/** Returns minutes of a seeded random walk whose volatility and volume swing over the day, so that a network has something to find. */
export function madeUpHistory(seed: number, firstOpenTime: EpochMs, minutes: number): MinuteSeries {
  const random = createRandom(seed);
  const columns = { logClose: 0, logHigh: 0, logLow: 0, baseVolume: 0, takerBuyBaseVolume: 0 };
  const series = Object.fromEntries(Object.keys(columns).map((name) => [name, new Float64Array(minutes)])) as Record<
    keyof typeof columns,
    Float64Array
  >;
  let price = Math.log(100 + seed);
  for (let row = 0; row < minutes; row++) {
    const minute = firstOpenTime / MINUTE_MS + row;
    const swing = Math.exp(0.8 * Math.sin((2 * Math.PI * minute) / DAY_MINUTES));
    const open = price;
    price += MIDDLE_SIGMA * swing * random.normal();
    const spread = MIDDLE_SIGMA * swing * random.uniform();
    series.logClose[row] = price;
    series.logHigh[row] = Math.max(open, price) + spread;
    series.logLow[row] = Math.min(open, price) - spread;
    series.baseVolume[row] = 20 * swing * (0.5 + random.uniform());
    series.takerBuyBaseVolume[row] = (series.baseVolume[row] ?? 0) * random.uniform();
  }
  return { firstOpenTime, length: minutes, ...series };
}
