import type { DataSet } from '../../dataset/data-set.ts';
import type { TrainingRows } from './ladder-model.ts';
import { pointModel } from './point-model.ts';
import { barsOf } from './series-model.ts';

const ALPHAS = [0.8, 0.9, 0.95, 1] as const;
const BETAS = [0.001, 0.005, 0.02, 0.1] as const;

/** Holt's linear trend on the log price. */
export const holt = pointModel({
  name: 'holt',
  description: "Holt's level and trend of the log price, α and β by the least one-bar error before the cutoff",
  fit(trained, rows) {
    const settings = trained.series.map((_, s) => bestSettings(trained, rows, s));
    return {
      card: { settings: Object.fromEntries(trained.series.map(({ symbol }, s) => [symbol, settings[s]])) },
      locate(set, s) {
        const closes = set.series[s]?.columns.logClose ?? new Float64Array();
        const { alpha, beta } = settings[s] as Settings;
        const { levels, trends } = follow(closes, alpha, beta);
        return (bar, horizon) =>
          (levels[bar] as number) + (set.schema.horizonBars[horizon] as number) * (trends[bar] as number) - (closes[bar] as number);
      },
    };
  },
});

interface Settings {
  readonly alpha: number;
  readonly beta: number;
}

function bestSettings(set: DataSet, rows: TrainingRows, s: number): Settings {
  const closes = set.series[s]?.columns.logClose ?? new Float64Array();
  const bars = barsOf(set, rows, s);
  const tried = ALPHAS.flatMap((alpha) =>
    BETAS.map((beta) => {
      const { levels, trends } = follow(closes, alpha, beta);
      const error = bars.reduce(
        (sum, bar) => sum + Math.abs((closes[bar + 1] as number) - (levels[bar] as number) - (trends[bar] as number)),
        0,
      );
      return { alpha, beta, error };
    }),
  );
  const { alpha, beta } = tried.reduce((best, one) => (one.error < best.error ? one : best));
  return { alpha, beta };
}

/** A missing bar leaves level and trend as they are. */
function follow(closes: Float64Array, alpha: number, beta: number): { levels: Float64Array; trends: Float64Array } {
  const levels = new Float64Array(closes.length).fill(Number.NaN);
  const trends = new Float64Array(closes.length);
  let level = Number.NaN;
  let trend = 0;
  closes.forEach((close, bar) => {
    if (!Number.isNaN(close)) {
      const next = Number.isNaN(level) ? close : alpha * close + (1 - alpha) * (level + trend);
      if (!Number.isNaN(level)) trend = beta * (next - level) + (1 - beta) * trend;
      level = next;
    }
    levels[bar] = level;
    trends[bar] = trend;
  });
  return { levels, trends };
}
