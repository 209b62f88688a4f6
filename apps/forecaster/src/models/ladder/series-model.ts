import { QUANTILE_LEVELS } from '@candlecast/domain';
import type { DataSet } from '../../dataset/data-set.ts';
import { NORMAL_QUANTILES } from '../normal.ts';
import type { LadderModel, ModelFamily, TrainingRows } from './ladder-model.ts';

/** Writes the quantiles of the log return from one bar of a series over one horizon into `out`, in the order of QUANTILE_LEVELS. */
export type SeriesForecast = (bar: number, horizon: number, out: Float32Array) => void;

/** A model that forecasts each series by itself. */
export interface SeriesModel {
  readonly name: string;
  readonly family: ModelFamily;
  readonly description: string;
  /** Returns what was found, for the report, and how the `s`-th series of a data set is forecast: `forecast` is called once a series. */
  fit(set: DataSet, rows: TrainingRows): { card: Record<string, unknown>; forecast(set: DataSet, s: number): SeriesForecast };
}

const LEVELS = QUANTILE_LEVELS.length;

/** Returns a row of the ladder that forecasts series by series. */
export function seriesModel(model: SeriesModel): LadderModel {
  return {
    name: model.name,
    family: model.family,
    description: model.description,
    async fit(trained, rows) {
      const { card, forecast } = model.fit(trained, rows);
      return {
        card,
        predict(set, wanted) {
          const horizons = set.schema.horizons.length;
          const forecasts = new Map<number, SeriesForecast>();
          const out = new Float32Array(wanted.length * horizons * LEVELS);
          wanted.forEach((row, index) => {
            const s = Math.floor(row / set.bars);
            const each = forecasts.get(s) ?? forecast(set, s);
            forecasts.set(s, each);
            for (let h = 0; h < horizons; h++) {
              const at = (index * horizons + h) * LEVELS;
              each(row % set.bars, h, out.subarray(at, at + LEVELS));
            }
          });
          return out;
        },
      };
    },
  };
}

/** Writes normal quantiles. */
export function writeNormal(out: Float32Array, location: number, sigma: number): void {
  for (let level = 0; level < LEVELS; level++) out[level] = location + (NORMAL_QUANTILES[level] as number) * sigma;
}

/** Returns the tuned EWMA sigma of a bar over a horizon. */
export function sigmaOf(set: DataSet, s: number, bar: number, horizon: number): number {
  return set.sigmas[(s * set.bars + bar) * set.schema.horizons.length + horizon] as number;
}

/** Returns the bars of one series among `rows`. */
export function barsOf(set: DataSet, rows: TrainingRows, s: number): number[] {
  const bars: number[] = [];
  for (const part of [rows.training, rows.validation])
    for (const row of part) if (Math.floor(row / set.bars) === s) bars.push(row % set.bars);
  return bars;
}

/** Returns the log returns of a series bar by bar; NaN where either close is missing. */
export function returnsOf(set: DataSet, s: number): Float64Array {
  const closes = set.series[s]?.columns.logClose ?? new Float64Array();
  return Float64Array.from({ length: set.bars }, (_, bar) => (closes[bar] as number) - (closes[bar - 1] ?? Number.NaN));
}
