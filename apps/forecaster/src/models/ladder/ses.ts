import type { DataSet } from '../../dataset/data-set.ts';
import type { TrainingRows } from './ladder-model.ts';
import { pointModel } from './point-model.ts';
import { barsOf } from './series-model.ts';

const ALPHAS = [0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1] as const;

/** Simple exponential smoothing of the log price: the point baseline to beat. */
export const ses = pointModel({
  name: 'ses',
  description: 'Simple exponential smoothing of the log price, α by the least one-bar error before the cutoff',
  fit(trained, rows) {
    const alphas = trained.series.map((_, s) => bestAlpha(trained, rows, s));
    return {
      card: { alphas: Object.fromEntries(trained.series.map(({ symbol }, s) => [symbol, alphas[s]])) },
      locate(set, s) {
        const closes = set.series[s]?.columns.logClose ?? new Float64Array();
        const levels = smooth(closes, alphas[s] as number);
        return (bar) => (levels[bar] as number) - (closes[bar] as number);
      },
    };
  },
});

function bestAlpha(set: DataSet, rows: TrainingRows, s: number): number {
  const closes = set.series[s]?.columns.logClose ?? new Float64Array();
  const bars = barsOf(set, rows, s);
  const errors = ALPHAS.map((alpha) => {
    const levels = smooth(closes, alpha);
    return bars.reduce((sum, bar) => sum + Math.abs((closes[bar + 1] as number) - (levels[bar] as number)), 0);
  });
  return ALPHAS[errors.indexOf(Math.min(...errors))] as number;
}

/** A missing bar leaves the level as it is. */
function smooth(closes: Float64Array, alpha: number): Float64Array {
  let level = Number.NaN;
  return closes.map((close) => {
    if (!Number.isNaN(close)) level = Number.isNaN(level) ? close : alpha * close + (1 - alpha) * level;
    return level;
  });
}
