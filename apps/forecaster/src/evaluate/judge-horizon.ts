import { BANDS, QUANTILE_LEVELS } from '@candlecast/domain';
import { createTrailingQuantiles } from '../models/ladder/trailing-quantiles.ts';
import { MEDIAN } from '../models/normal.ts';
import { toPUp } from '../models/p-up.ts';
import { toCrps } from '../score/score-forecast.ts';
import { bootstrapShare, type ShareEstimate } from './block-bootstrap.ts';

/** What one model said of one symbol over one horizon, in time order, and what came. */
export interface HorizonForecasts {
  /** Quantiles of the log return, [origins, levels]. */
  readonly quantiles: Float32Array;
  readonly returns: Float64Array;
  /** Tuned EWMA sigma of the same origins. */
  readonly sigmas: Float64Array;
  readonly dayBars: number;
  readonly horizonBars: number;
}

/** Losses origin by origin, which tests compare. */
export interface OriginLosses {
  /** CRPS by twice the mean pinball loss, log return. */
  readonly crps: Float64Array;
  /** The same over the outermost two levels alone. */
  readonly tail: Float64Array;
  /** Absolute error of the median, log return. */
  readonly absolute: Float64Array;
}

/** What is found of one model, symbol and horizon. Shares are of 1. */
export interface HorizonJudgement {
  readonly n: number;
  readonly crpsBp: number;
  readonly maeBp: number;
  /** For each band of BANDS: the share of outcomes inside and the mean width. */
  readonly coverage: readonly { readonly band: number; readonly share: number; readonly widthBp: number }[];
  /** Interval score of the 90 % band (Winkler 1972). */
  readonly winklerBp: number;
  /** Share of outcomes between neighbouring quantiles, from below the lowest to above the highest. */
  readonly pit: readonly number[];
  /** Largest distance between the share at or below a quantile and its level. */
  readonly worstCalibration: number;
  /** Of the origins with a median off the last price and a price that moved. */
  readonly direction: ShareEstimate;
  /** Among the tenth that is surest, by a threshold from the last 90 days. */
  readonly surestDirection: ShareEstimate;
  readonly noCallShare: number;
  /** 1 − mean (P(up) − up)² ÷ 0.25. */
  readonly brierSkill: number;
  /** P(up) in tenths: how many, mean P(up), share that rose. */
  readonly reliability: readonly { readonly n: number; readonly said: number; readonly rose: number }[];
}

const LEVELS = QUANTILE_LEVELS.length;
const BP = 1e4;
const SUREST_DAYS = 90;
const SUREST_LEAST = 500;
const WEEK_DAYS = 7;
const TENTHS = 10;
const LEAST_CALL = 1e-9;

/** Returns the losses of every origin. */
export function toLosses({ quantiles, returns }: HorizonForecasts): OriginLosses {
  const crps = new Float64Array(returns.length);
  const tail = new Float64Array(returns.length);
  const absolute = new Float64Array(returns.length);
  returns.forEach((logReturn, index) => {
    const own = quantiles.subarray(index * LEVELS, (index + 1) * LEVELS);
    crps[index] = toCrps(own as unknown as number[], logReturn);
    tail[index] = (pinball(own, 0, logReturn) + pinball(own, LEVELS - 1, logReturn)) / 2;
    absolute[index] = Math.abs(logReturn - (own[MEDIAN] as number));
  });
  return { crps, tail, absolute };
}

/** Judges the forecasts of one model, symbol and horizon. */
export function judgeHorizon(forecasts: HorizonForecasts, losses: OriginLosses): HorizonJudgement {
  const { quantiles, returns, dayBars } = forecasts;
  const at = (index: number, level: number) => quantiles[index * LEVELS + level] as number;
  const below = QUANTILE_LEVELS.map((_, level) => meanOf(returns, (logReturn, index) => (logReturn <= at(index, level) ? 1 : 0)));
  const { hits, surest, calls } = toHits(forecasts);
  const block = WEEK_DAYS * dayBars;
  return {
    n: returns.length,
    crpsBp: BP * mean(losses.crps),
    maeBp: BP * mean(losses.absolute),
    coverage: BANDS.map((band, index) => {
      const [lower, upper] = [MEDIAN - 1 - index, MEDIAN + 1 + index];
      return {
        band,
        share: meanOf(returns, (logReturn, origin) => (logReturn >= at(origin, lower) && logReturn <= at(origin, upper) ? 1 : 0)),
        widthBp: BP * meanOf(returns, (_, origin) => at(origin, upper) - at(origin, lower)),
      };
    }),
    winklerBp: BP * meanOf(returns, (logReturn, origin) => winkler(at(origin, 1), at(origin, LEVELS - 2), logReturn)),
    pit: [...below, 1].map((share, index) => share - (below[index - 1] ?? 0)),
    worstCalibration: Math.max(...below.map((share, level) => Math.abs(share - (QUANTILE_LEVELS[level] as number)))),
    direction: bootstrapShare(hits, block),
    surestDirection: bootstrapShare(surest, block),
    noCallShare: 1 - calls / Math.max(1, returns.length),
    ...judgePUp(quantiles, returns),
  };
}

/** 1 where the median was on the side that the price went to, 0 where not, NaN where there was no call or no move. */
function toHits({ quantiles, returns, sigmas, dayBars, horizonBars }: HorizonForecasts) {
  const hits = new Float64Array(returns.length).fill(Number.NaN);
  const surest = new Float64Array(returns.length).fill(Number.NaN);
  const trailing = createTrailingQuantiles(SUREST_DAYS * dayBars);
  let calls = 0;
  returns.forEach((logReturn, index) => {
    const median = quantiles[index * LEVELS + MEDIAN] as number;
    const confidence = Math.abs(median) / (sigmas[index] as number);
    if (confidence > LEAST_CALL) {
      calls += 1;
      if (logReturn !== 0) hits[index] = median > 0 === logReturn > 0 ? 1 : 0;
      if (trailing.size >= SUREST_LEAST && confidence >= trailing.at(0.9)) surest[index] = hits[index] as number;
    }
    trailing.push(confidence > LEAST_CALL ? confidence : Number.NaN);
  });
  return { hits, surest, calls, horizonBars };
}

function judgePUp(quantiles: Float32Array, returns: Float64Array): Pick<HorizonJudgement, 'brierSkill' | 'reliability'> {
  const bins = Array.from({ length: TENTHS }, () => ({ n: 0, said: 0, rose: 0 }));
  let [sum, n] = [0, 0];
  returns.forEach((logReturn, index) => {
    if (logReturn === 0) return;
    const p = toPUp([...quantiles.subarray(index * LEVELS, (index + 1) * LEVELS)]);
    const rose = logReturn > 0 ? 1 : 0;
    sum += (p - rose) ** 2;
    n += 1;
    const bin = bins[Math.min(TENTHS - 1, Math.floor(p * TENTHS))];
    if (!bin) return;
    bin.n += 1;
    bin.said += p;
    bin.rose += rose;
  });
  return {
    brierSkill: 1 - sum / Math.max(1, n) / 0.25,
    reliability: bins.map((bin) => ({ n: bin.n, said: bin.said / bin.n, rose: bin.rose / bin.n })),
  };
}

function pinball(own: Float32Array, level: number, logReturn: number): number {
  const error = logReturn - (own[level] as number);
  return error >= 0 ? (QUANTILE_LEVELS[level] as number) * error : ((QUANTILE_LEVELS[level] as number) - 1) * error;
}

function winkler(lower: number, upper: number, value: number): number {
  return upper - lower + (2 / 0.1) * (Math.max(0, lower - value) + Math.max(0, value - upper));
}

/** Returns the mean of what is known; NaN when nothing is. */
export function mean(values: Float64Array): number {
  return meanOf(values, (value) => value);
}

function meanOf(values: Float64Array, of: (value: number, index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) sum += of(values[index] as number, index);
  return sum / values.length;
}
