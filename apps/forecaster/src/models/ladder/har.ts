import type { DataSet } from '../../dataset/data-set.ts';
import { contextColumns } from '../../features/bar-schema.ts';
import type { LadderModel, TrainingRows } from './ladder-model.ts';
import { createNormalEquations, dot } from './least-squares.ts';
import { scaledQuantiles } from './scaled-quantiles.ts';
import { barsOf, seriesModel } from './series-model.ts';

const LEAST_VARIANCE = 1e-10;
const PARKINSON = 4 * Math.LN2;

/** HAR-S, the bar for every network: volatility by a linear model of its own past over many spans and of the season that lies ahead. */
export const harS = har('har-s', true);

/** The same without the season. */
export const harPlain = har('har', false);

function har(name: string, hasSeason: boolean): LadderModel {
  return seriesModel({
    name,
    family: 'quantile',
    description: `Least squares of log range volatility ahead on past ranges and squares${hasSeason ? ' and the season ahead' : ''}; empirical quantiles of the last 90 days`,
    fit(trained, rows) {
      const coefficients = trained.series.map((_, s) => fitSeries(trained, rows, s, hasSeason));
      return {
        card: { inputs: inputColumns(trained, 0, hasSeason).length + 1 },
        forecast(set, s) {
          const sigmas = set.schema.horizonBars.map((bars, horizon) => {
            const columns = inputColumns(set, horizon, hasSeason);
            const inputs = new Float64Array(columns.length + 1);
            const own = coefficients[s]?.[horizon] ?? inputs;
            return Float64Array.from({ length: set.bars }, (_, bar) => {
              fill(inputs, set, s * set.bars + bar, columns);
              return Math.exp(dot(own, inputs)) * (set.baseSigmas[s * set.bars + bar] as number) * Math.sqrt(bars);
            });
          });
          return scaledQuantiles(set, s, sigmas);
        },
      };
    },
  });
}

/** Returns the positions in the context of what the model of a horizon reads. */
function inputColumns({ schema }: DataSet, horizon: number, hasSeason: boolean): number[] {
  const names = contextColumns(schema);
  const bars = schema.horizonBars[horizon];
  const wanted = (name: string) =>
    /^(range|squared)\d/.test(name) || (hasSeason && [`seasonDay${bars}`, `seasonWeek${bars}`, 'seasonNow'].includes(name));
  return names.flatMap((name, column) => (wanted(name) ? [column] : []));
}

function fill(inputs: Float64Array, set: DataSet, row: number, columns: readonly number[]): void {
  const width = set.context.length / set.origins.length;
  inputs[0] = 1;
  columns.forEach((column, index) => {
    const value = set.context[row * width + column] as number;
    inputs[index + 1] = Number.isNaN(value) ? 0 : value;
  });
}

/** Regresses ½ ln of the mean range variance over the horizon, beside the sigma that features are measured by. */
function fitSeries(set: DataSet, rows: TrainingRows, s: number, hasSeason: boolean): Float64Array[] {
  const bars = barsOf(set, rows, s);
  const variances = rangeVariances(set, s);
  return set.schema.horizonBars.map((ahead, horizon) => {
    const columns = inputColumns(set, horizon, hasSeason);
    const inputs = new Float64Array(columns.length + 1);
    const equations = createNormalEquations(columns.length + 1);
    for (const bar of bars) {
      let sum = 0;
      for (let later = bar + 1; later <= bar + ahead; later++) sum += variances[later] as number;
      fill(inputs, set, s * set.bars + bar, columns);
      equations.add(inputs, 0.5 * Math.log(sum / ahead) - Math.log(set.baseSigmas[s * set.bars + bar] as number));
    }
    return equations.rows > 10 * inputs.length ? equations.solve() : new Float64Array(inputs.length);
  });
}

function rangeVariances({ series }: DataSet, s: number): Float64Array {
  const highs = series[s]?.columns.logHigh ?? new Float64Array();
  const lows = series[s]?.columns.logLow ?? new Float64Array();
  return highs.map((high, bar) => Math.max(LEAST_VARIANCE, (high - (lows[bar] as number)) ** 2 / PARKINSON));
}
