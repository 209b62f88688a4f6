import { addMs, DAY_MS, type EpochMs, type Interval, QUANTILE_LEVELS, type TimeRange } from '@candlecast/domain';
import { asOfRow, buildDataSet, type DataSet } from '../dataset/data-set.ts';
import { loadBars } from '../dataset/load-bars.ts';
import { toFold } from '../evaluate/folds.ts';
import { barSchema } from '../features/bar-schema.ts';
import { lstmContext } from '../models/ladder/ladder.ts';
import { MEDIAN } from '../models/normal.ts';

/** What our model said of one symbol over a published window, and what came: log returns, by origin then horizon. */
export interface ChampionRun {
  readonly set: DataSet;
  readonly rows: Uint32Array;
  readonly medians: Float64Array;
}

/** What a champion is trained for. */
export interface ChampionRequest {
  readonly dir: string;
  readonly symbol: string;
  readonly interval: Interval;
  /** Candles from here on are read. */
  readonly historyFrom: EpochMs;
  /** `asOf` of the origins that are forecast. */
  readonly range: TimeRange;
  readonly seed: number;
}

const VALIDATION_SHARE = 0.15;

/** Trains the LSTM with context on what had matured before the window, and forecasts every origin in it. */
export async function runChampion({ dir, symbol, interval, historyFrom, range, seed }: ChampionRequest): Promise<ChampionRun> {
  const schema = barSchema(interval);
  const { series } = await loadBars({ dir, interval, symbols: [symbol], range: { from: historyFrom, to: range.to } });
  const set = buildDataSet(series, schema);
  const days = Math.floor((VALIDATION_SHARE * (range.from - historyFrom)) / DAY_MS);
  const { rows, test } = toFold(set, { index: 0, range, validationFrom: addMs(range.from, -days * DAY_MS) }, historyFrom, [symbol]);
  const predictor = await lstmContext.fit(set, rows, seed);
  const quantiles = predictor.predict(set, test);
  const levels = QUANTILE_LEVELS.length;
  const medians = Float64Array.from({ length: quantiles.length / levels }, (_, index) => quantiles[index * levels + MEDIAN] as number);
  return { set, rows: test, medians };
}

/** Returns what the champion and persistence said of the close after the first horizon, and what came, in prices. */
export function toChampionLevels({ set, rows, medians }: ChampionRun): { said: Float64Array; still: Float64Array; came: Float64Array } {
  const horizons = set.schema.horizons.length;
  const closes = set.series[0]?.columns.logClose ?? new Float64Array();
  const close = (row: number) => closes[row] as number;
  return {
    said: Float64Array.from(rows, (row, index) => Math.exp(close(row) + (medians[index * horizons] as number))),
    still: Float64Array.from(rows, (row) => Math.exp(close(row))),
    came: Float64Array.from(rows, (row) => Math.exp(close(row) + (set.returns[row * horizons] as number))),
  };
}

/** Returns at which share of the origins the champion's median was on the side that the price went to, by horizon. */
export function toChampionDirections({ set, rows, medians }: ChampionRun): number[] {
  const horizons = set.schema.horizons.length;
  return set.schema.horizons.map((_, h) => {
    let [hits, all] = [0, 0];
    rows.forEach((row, index) => {
      const logReturn = set.returns[row * horizons + h] as number;
      if (logReturn === 0) return;
      all += 1;
      if ((medians[index * horizons + h] as number) > 0 === logReturn > 0) hits += 1;
    });
    return hits / all;
  });
}

/** Returns the first and last `asOf` that were forecast. */
export function spanOf({ set, rows }: ChampionRun): readonly [EpochMs, EpochMs] {
  return [asOfRow(set, rows[0] ?? 0), asOfRow(set, rows.at(-1) ?? 0)];
}
