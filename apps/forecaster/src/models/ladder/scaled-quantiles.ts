import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';
import { createOutcomeShape } from './outcome-shape.ts';
import type { SeriesForecast } from './series-model.ts';

/** The sigma that a model gives each bar, one array of bars for each horizon; NaN where it has none. */
export type SigmaTable = readonly Float64Array[];

const LEVELS = QUANTILE_LEVELS.length;

/**
 * Returns quantiles = sigma · the shape of the last 90 days' outcomes (`outcome-shape.ts`). `sigmas` has one column of bars for each horizon.
 * An outcome has its say from the bar at which it was known.
 */
export function scaledQuantiles(set: DataSet, s: number, sigmas: SigmaTable): SeriesForecast {
  const { horizonBars, dayBars } = set.schema;
  const horizons = horizonBars.length;
  const inSigmas = new Float64Array(LEVELS);
  const tables = sigmas.map((sigma, h) => {
    const ahead = horizonBars[h] as number;
    const shape = createOutcomeShape(dayBars);
    const table = new Float32Array(set.bars * LEVELS);
    for (let bar = 0; bar < set.bars; bar++) {
      const origin = bar - ahead;
      shape.push(origin < 0 ? Number.NaN : (set.returns[(s * set.bars + origin) * horizons + h] as number) / (sigma[origin] as number));
      shape.write(inSigmas);
      for (let level = 0; level < LEVELS; level++) table[bar * LEVELS + level] = (inSigmas[level] as number) * (sigma[bar] as number);
    }
    return table;
  });
  return (bar, horizon, out) => out.set((tables[horizon] as Float32Array).subarray(bar * LEVELS, (bar + 1) * LEVELS));
}
