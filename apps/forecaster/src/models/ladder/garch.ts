import { DAY_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import jstat from 'jstat';
import type { DataSet } from '../../dataset/data-set.ts';
import { NORMAL_QUANTILES } from '../normal.ts';
import type { LadderModel, TrainingRows } from './ladder-model.ts';
import { nelderMead } from './nelder-mead.ts';
import { returnsOf, seriesModel } from './series-model.ts';

interface Garch {
  readonly omega: number;
  readonly alpha: number;
  readonly beta: number;
  /** Degrees of freedom of Student's t; absent for the normal. */
  readonly freedom?: number;
}

/** Returns are fitted in per cent. */
const SCALE = 100;
const TRAINING_DAYS = 365;
const LARGEST_PERSISTENCE = 0.9999;
const LEAST_FREEDOM = 2.05;

/** GARCH(1,1) with normal returns. */
export const garchNormal = garch('garch-normal', false);

/** GARCH(1,1) with returns of Student's t. */
export const garchT = garch('garch-t', true);

function garch(name: string, hasTails: boolean): LadderModel {
  return seriesModel({
    name,
    family: 'quantile',
    description: `GARCH(1,1) with ${hasTails ? "Student's t" : 'normal'} returns, by maximum likelihood on the year before the cutoff`,
    fit(trained, rows) {
      const fitted = trained.series.map((_, s) => fitSeries(trained, rows, s, hasTails));
      return {
        card: { parameters: Object.fromEntries(trained.series.map(({ symbol }, s) => [symbol, fitted[s]])) },
        forecast(set, s) {
          const parameters = fitted[s] as Garch;
          const shape = toShape(parameters.freedom);
          const next = nextVariances(returnsOf(set, s), parameters);
          const persistence = Math.min(parameters.alpha + parameters.beta, LARGEST_PERSISTENCE);
          const level = parameters.omega / (1 - persistence);
          return (bar, horizon, out) => {
            const bars = set.schema.horizonBars[horizon] as number;
            const variance = bars * level + (((next[bar] as number) - level) * (1 - persistence ** bars)) / (1 - persistence);
            shape.forEach((quantile, index) => {
              out[index] = quantile * Math.sqrt(variance);
            });
          };
        },
      };
    },
  });
}

/** Returns the quantiles of the distribution with variance 1. */
function toShape(freedom: number | undefined): readonly number[] {
  if (freedom === undefined) return NORMAL_QUANTILES;
  return QUANTILE_LEVELS.map((level) => jstat.studentt.inv(level, freedom) * Math.sqrt((freedom - 2) / freedom));
}

/** Returns the variance of the return after each bar; a gap leaves it as it was. */
function nextVariances(returns: Float64Array, { omega, alpha, beta }: Garch): Float64Array {
  let variance = omega / (1 - Math.min(alpha + beta, LARGEST_PERSISTENCE));
  return returns.map((logReturn) => {
    if (!Number.isNaN(logReturn)) variance = omega + alpha * logReturn * logReturn + beta * variance;
    return variance;
  });
}

function fitSeries(set: DataSet, rows: TrainingRows, s: number, hasTails: boolean): Garch {
  const all = returnsOf(set, s);
  const end = Math.floor((rows.cutoff - (set.series[s]?.firstOpenTime ?? 0)) / set.schema.stepMs);
  const year = all.subarray(Math.max(0, end - (TRAINING_DAYS * DAY_MS) / set.schema.stepMs), Math.max(0, end));
  const returns = year.filter((logReturn) => !Number.isNaN(logReturn)).map((logReturn) => logReturn * SCALE);
  const variance = returns.reduce((sum, logReturn) => sum + logReturn * logReturn, 0) / returns.length;
  const start = [-2, 3, Math.log(variance * 0.02), ...(hasTails ? [1] : [])];
  const { at } = nelderMead((x) => negativeLogLikelihood(returns, variance, toGarch(x)), start);
  const { omega, ...rest } = toGarch(at);
  return { omega: omega / SCALE ** 2, ...rest };
}

function toGarch([a, b, c, d]: readonly number[]): Garch {
  const alpha = 0.5 / (1 + Math.exp(-(a as number)));
  const beta = (1 - alpha) / (1 + Math.exp(-(b as number)));
  const parameters = { omega: Math.exp(c as number), alpha, beta };
  return d === undefined ? parameters : { ...parameters, freedom: LEAST_FREEDOM + Math.exp(d) };
}

function negativeLogLikelihood(returns: Float64Array, start: number, { omega, alpha, beta, freedom }: Garch): number {
  let variance = start;
  let sum = 0;
  const constant =
    freedom === undefined ? 0 : jstat.gammaln((freedom + 1) / 2) - jstat.gammaln(freedom / 2) - 0.5 * Math.log(Math.PI * (freedom - 2));
  for (const logReturn of returns) {
    const squared = (logReturn * logReturn) / variance;
    sum +=
      0.5 * Math.log(variance) +
      (freedom === undefined ? 0.5 * squared : -constant + ((freedom + 1) / 2) * Math.log1p(squared / (freedom - 2)));
    variance = omega + alpha * logReturn * logReturn + beta * variance;
  }
  return sum / returns.length;
}
