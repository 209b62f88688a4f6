import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';
import { seriesModel, sigmaOf, writeNormal } from './series-model.ts';
import { createTrailingQuantiles } from './trailing-quantiles.ts';

const DAYS = 30;
const LEVELS = QUANTILE_LEVELS.length;

/** The returns of the last 30 days, unscaled. */
export const rollingQuantiles = seriesModel({
  name: 'rolling-quantiles-30d',
  family: 'quantile',
  description: 'Empirical quantiles of the returns over the horizon that ended in the last 30 days',
  fit: () => ({
    card: { days: DAYS },
    forecast(set, s) {
      const tables = set.schema.horizonBars.map((bars) => tableOf(set, s, bars));
      return (bar, horizon, out) => {
        const table = tables[horizon] as Float32Array;
        if (Number.isNaN(table[bar * LEVELS] as number)) writeNormal(out, 0, sigmaOf(set, s, bar, horizon));
        else out.set(table.subarray(bar * LEVELS, (bar + 1) * LEVELS));
      };
    },
  }),
});

/** Returns the quantiles known at each bar, [bars, levels]; NaN before a third of the window is there. */
function tableOf(set: DataSet, s: number, bars: number): Float32Array {
  const closes = set.series[s]?.columns.logClose ?? new Float64Array();
  const room = DAYS * set.schema.dayBars;
  const trailing = createTrailingQuantiles(room);
  const table = new Float32Array(set.bars * LEVELS).fill(Number.NaN);
  closes.forEach((close, bar) => {
    trailing.push(close - (closes[bar - bars] ?? Number.NaN));
    if (trailing.size * 3 < room) return;
    QUANTILE_LEVELS.forEach((level, index) => {
      table[bar * LEVELS + index] = trailing.at(level);
    });
  });
  return table;
}
