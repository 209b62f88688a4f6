import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';
import { MEDIAN, NORMAL_QUANTILES } from '../normal.ts';
import type { SeriesForecast } from './series-model.ts';
import { createTrailingQuantiles } from './trailing-quantiles.ts';

/** The sigma that a model gives each bar, one array of bars for each horizon; NaN where it has none. */
export type SigmaTable = readonly Float64Array[];

const DAYS = 90;
const LEAST = 500;
const LEVELS = QUANTILE_LEVELS.length;

/**
 * Returns quantiles = sigma · empirical quantiles of the last 90 days' return ÷ sigma, moved so that the median is the last price: filtered
 * historical simulation. `sigmas` has one column of bars for each horizon. An outcome has its say from the bar at which it was known. Until
 * 500 are known (or a third of the window, where that is less) the quantiles are normal.
 */
export function scaledQuantiles(set: DataSet, s: number, sigmas: SigmaTable): SeriesForecast {
  const { horizonBars, dayBars } = set.schema;
  const room = DAYS * dayBars;
  const least = Math.min(LEAST, room / 3);
  const horizons = horizonBars.length;
  const tables = sigmas.map((sigma, h) => {
    const ahead = horizonBars[h] as number;
    const trailing = createTrailingQuantiles(room);
    const table = new Float32Array(set.bars * LEVELS);
    for (let bar = 0; bar < set.bars; bar++) {
      const origin = bar - ahead;
      trailing.push(origin < 0 ? Number.NaN : (set.returns[(s * set.bars + origin) * horizons + h] as number) / (sigma[origin] as number));
      const isReady = trailing.size >= least;
      const median = isReady ? trailing.at(QUANTILE_LEVELS[MEDIAN] as number) : 0;
      for (let level = 0; level < LEVELS; level++) {
        const quantile = isReady ? trailing.at(QUANTILE_LEVELS[level] as number) - median : (NORMAL_QUANTILES[level] as number);
        table[bar * LEVELS + level] = quantile * (sigma[bar] as number);
      }
    }
    return table;
  });
  return (bar, horizon, out) => out.set((tables[horizon] as Float32Array).subarray(bar * LEVELS, (bar + 1) * LEVELS));
}
