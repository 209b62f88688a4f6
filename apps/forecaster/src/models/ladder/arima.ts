import type { DataSet } from '../../dataset/data-set.ts';
import type { TrainingRows } from './ladder-model.ts';
import { nelderMead } from './nelder-mead.ts';
import { pointModel } from './point-model.ts';
import { barsOf, returnsOf } from './series-model.ts';

interface Coefficients {
  readonly mean: number;
  readonly ar: number;
  readonly ma: number;
}

/** Returns are fitted in tenths of a per mille, so that the search has steps of a fair size. */
const SCALE = 1e4;

/** ARIMA(1,1,1) of the log price. */
export const arima = pointModel({
  name: 'arima-1-1-1',
  description: 'ARIMA(1,1,1) of the log price by conditional least squares',
  fit(trained, rows) {
    const fitted = trained.series.map((_, s) => fitSeries(trained, rows, s));
    return {
      card: { coefficients: Object.fromEntries(trained.series.map(({ symbol }, s) => [symbol, fitted[s]])) },
      locate(set, s) {
        const { mean, ar, ma } = fitted[s] as Coefficients;
        const next = returnsOf(set, s);
        let shock = 0;
        let expected = mean;
        // Turns each return into what is expected of the next one, beyond the mean; a gap ends the memory.
        next.forEach((logReturn, bar) => {
          shock = Number.isNaN(logReturn) ? 0 : logReturn - expected;
          expected = mean + (Number.isNaN(logReturn) ? 0 : ar * (logReturn - mean)) + ma * shock;
          next[bar] = expected - mean;
        });
        return (bar, horizon) => {
          const bars = set.schema.horizonBars[horizon] as number;
          return bars * mean + ((next[bar] as number) * (1 - ar ** bars)) / (1 - ar);
        };
      },
    };
  },
});

function fitSeries(set: DataSet, rows: TrainingRows, s: number): Coefficients {
  const returns = returnsOf(set, s);
  const bars = barsOf(set, rows, s);
  if (bars.length === 0) return { mean: 0, ar: 0, ma: 0 };
  const [first, last] = [bars[0] as number, bars.reduce((most, bar) => Math.max(most, bar), 0)];
  const toCoefficients = ([mean, ar, ma]: readonly number[]): Coefficients => ({
    mean: (mean as number) / SCALE,
    ar: Math.tanh(ar as number),
    ma: Math.tanh(ma as number),
  });
  const { at } = nelderMead(
    (x) => {
      const { mean, ar, ma } = toCoefficients(x);
      let expected = mean;
      let sum = 0;
      for (let bar = first; bar <= last; bar++) {
        const logReturn = returns[bar] as number;
        if (Number.isNaN(logReturn)) {
          expected = mean;
          continue;
        }
        const shock = (logReturn - expected) * SCALE;
        sum += shock * shock;
        expected = mean + ar * (logReturn - mean) + (ma * shock) / SCALE;
      }
      return sum / (last - first + 1);
    },
    [0, -0.05, 0.02],
  );
  return toCoefficients(at);
}
