import type { DataSet } from '../../dataset/data-set.ts';
import type { LadderModel, TrainingRows } from './ladder-model.ts';
import { createNormalEquations, dot } from './least-squares.ts';
import { pointModel } from './point-model.ts';
import { barsOf, returnsOf } from './series-model.ts';

/** Returns AR(`lags`): the return over each horizon regressed on the newest one-bar returns, per series. */
export function autoregression(lags: number): LadderModel {
  return pointModel({
    name: `ar-${lags}`,
    description: `AR(${lags}): least squares of the return over each horizon on the last ${lags} one-bar returns`,
    fit(trained, rows) {
      const coefficients = trained.series.map((_, s) => fitSeries(trained, rows, s, lags));
      return {
        card: { first: Object.fromEntries(trained.series.map(({ symbol }, s) => [symbol, coefficients[s]?.map((own) => own[1])])) },
        locate(set, s) {
          const returns = returnsOf(set, s);
          const inputs = new Float64Array(lags + 1);
          return (bar, horizon) => {
            fill(inputs, returns, bar);
            return dot(coefficients[s]?.[horizon] ?? new Float64Array(lags + 1), inputs);
          };
        },
      };
    },
  });
}

function fitSeries(set: DataSet, rows: TrainingRows, s: number, lags: number): Float64Array[] {
  const returns = returnsOf(set, s);
  const bars = barsOf(set, rows, s);
  const horizons = set.schema.horizons.length;
  const inputs = new Float64Array(lags + 1);
  return set.schema.horizons.map((_, horizon) => {
    const equations = createNormalEquations(lags + 1);
    for (const bar of bars) {
      fill(inputs, returns, bar);
      equations.add(inputs, set.returns[(s * set.bars + bar) * horizons + horizon] as number);
    }
    return equations.rows > 10 * lags ? equations.solve() : new Float64Array(lags + 1);
  });
}

function fill(inputs: Float64Array, returns: Float64Array, bar: number): void {
  inputs[0] = 1;
  for (let lag = 1; lag < inputs.length; lag++) inputs[lag] = returns[bar - lag + 1] ?? 0;
}
