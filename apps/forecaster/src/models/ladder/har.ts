import type { DataSet } from '../../dataset/data-set.ts';
import { contextWidth } from '../context-scaler.ts';
import { fillHar, type HarCoefficients, harColumns, harSigma } from './har-volatility.ts';
import type { LadderModel, TrainingRows } from './ladder-model.ts';
import { createNormalEquations } from './least-squares.ts';
import { scaledQuantiles } from './scaled-quantiles.ts';
import { barsOf, type SeriesForecast, seriesModel } from './series-model.ts';

const LEAST_VARIANCE = 1e-10;
const PARKINSON = 4 * Math.LN2;
/** Rows for each coefficient that a fit needs. */
const LEAST_ROWS = 10;

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
      const coefficients = trained.series.map(
        (_, s) =>
          fitHar(trained, rows, s, hasSeason) ?? trained.schema.horizons.map((__, h) => new Float64Array(widthOf(trained, h, hasSeason))),
      );
      return {
        card: { inputs: widthOf(trained, 0, hasSeason) },
        forecast: (set, s) => forecastHar(set, s, coefficients[s] ?? [], hasSeason),
      };
    },
  });
}

/** Returns what coefficients say of one series. */
export function forecastHar(set: DataSet, s: number, coefficients: HarCoefficients, hasSeason: boolean): SeriesForecast {
  const sigmas = set.schema.horizonBars.map((bars, horizon) => {
    const columns = harColumns(set.schema, horizon, hasSeason);
    const inputs = new Float64Array(columns.length + 1);
    const own = coefficients[horizon] ?? inputs;
    return Float64Array.from({ length: set.bars }, (_, bar) => {
      const row = s * set.bars + bar;
      fillHar(inputs, set.context, row * contextWidth(set), columns);
      return harSigma(own, inputs, set.baseSigmas[row] as number, bars);
    });
  });
  return scaledQuantiles(set, s, sigmas);
}

/**
 * Regresses ½ ln of the mean range variance over each horizon, beside the sigma that features are measured by. Undefined where the rows are too
 * few for the coefficients.
 */
export function fitHar(set: DataSet, rows: TrainingRows, s: number, hasSeason: boolean): HarCoefficients | undefined {
  const bars = barsOf(set, rows, s);
  const variances = rangeVariances(set, s);
  if (bars.length <= LEAST_ROWS * widthOf(set, 0, hasSeason)) return undefined;
  return set.schema.horizonBars.map((ahead, horizon) => {
    const columns = harColumns(set.schema, horizon, hasSeason);
    const inputs = new Float64Array(columns.length + 1);
    const equations = createNormalEquations(inputs.length);
    for (const bar of bars) {
      const row = s * set.bars + bar;
      let sum = 0;
      for (let later = bar + 1; later <= bar + ahead; later++) sum += variances[later] as number;
      fillHar(inputs, set.context, row * contextWidth(set), columns);
      equations.add(inputs, 0.5 * Math.log(sum / ahead) - Math.log(set.baseSigmas[row] as number));
    }
    return equations.solve();
  });
}

function widthOf({ schema }: DataSet, horizon: number, hasSeason: boolean): number {
  return harColumns(schema, horizon, hasSeason).length + 1;
}

/** Returns the Parkinson variance of each bar of a series. */
export function rangeVariances({ series }: DataSet, s: number): Float64Array {
  const highs = series[s]?.columns.logHigh ?? new Float64Array();
  const lows = series[s]?.columns.logLow ?? new Float64Array();
  return highs.map((high, bar) => Math.max(LEAST_VARIANCE, (high - (lows[bar] as number)) ** 2 / PARKINSON));
}
