import { AppError, addMs, DAY_MS, type EpochMs, type TimeRange } from '@candlecast/domain';
import { asOfRow, type DataSet } from '../dataset/data-set.ts';
import type { TrainingRows } from '../models/ladder/ladder-model.ts';

/** A stretch of the evaluation with models of its own, fitted on what had matured before it began. */
export interface FoldPlan {
  readonly index: number;
  /** `asOf` of test origins: [from, to). */
  readonly range: TimeRange;
  readonly validationFrom: EpochMs;
}

/** A fold with its rows. */
export interface Fold extends FoldPlan {
  readonly rows: TrainingRows;
  readonly test: Uint32Array;
}

/** A range up to this long is one fold: frozen models. */
const FROZEN_MONTHS = 6;
/** The validation stretch is a quarter of what lies before the fold, within these bounds. */
const VALIDATION_DAYS = { least: 30, most: 120, share: 0.25 };

/**
 * Returns the folds of a range, oldest first: of `months` calendar months each, the last one up to half as long again; one fold for the
 * whole range when it is at most six months long or `months` is 0. Throws `range_invalid` when nothing lies before the range.
 */
export function planFolds(range: TimeRange, trainFrom: EpochMs, months: number): FoldPlan[] {
  if (range.from <= trainFrom || range.to <= range.from)
    throw new AppError(
      'range_invalid',
      `the range must begin after the training data at ${new Date(trainFrom).toISOString()} and end after it begins`,
    );
  const isFrozen = months === 0 || monthsLater(range.from, FROZEN_MONTHS) >= range.to;
  const starts = [range.from];
  while (!isFrozen && addMs(monthsLater(starts.at(-1) as EpochMs, months), (months * 15 - 1) * DAY_MS) < range.to)
    starts.push(monthsLater(starts.at(-1) as EpochMs, months));
  return starts.map((from, index) => {
    const days = Math.floor((VALIDATION_DAYS.share * (from - trainFrom)) / DAY_MS);
    const validationDays = Math.max(VALIDATION_DAYS.least, Math.min(VALIDATION_DAYS.most, days));
    return { index, range: { from, to: starts[index + 1] ?? range.to }, validationFrom: addMs(from, -validationDays * DAY_MS) };
  });
}

/**
 * Returns the fold's rows. Symbols share time and are never split by symbol. A training outcome matures one longest horizon (the embargo)
 * before validation begins, a validation outcome as long before the test; test rows are those of `tested` symbols.
 */
export function toFold(set: DataSet, plan: FoldPlan, trainFrom: EpochMs, tested: readonly string[]): Fold {
  const longestMs = Math.max(...set.schema.horizonBars) * set.schema.stepMs;
  const isTested = set.series.map(({ symbol }) => tested.includes(symbol));
  const training: number[] = [];
  const validation: number[] = [];
  const test: number[] = [];
  for (let row = 0; row < set.origins.length; row++) {
    if (set.origins[row] === 0) continue;
    const asOf = asOfRow(set, row);
    const maturedBy = asOf + 2 * longestMs;
    if (asOf >= trainFrom && maturedBy <= plan.validationFrom) training.push(row);
    else if (asOf >= plan.validationFrom && maturedBy <= plan.range.from) validation.push(row);
    else if (asOf >= plan.range.from && asOf < plan.range.to && isTested[Math.floor(row / set.bars)]) test.push(row);
  }
  return {
    ...plan,
    rows: { training: shared(training), validation: shared(validation), cutoff: plan.range.from },
    test: shared(test),
  };
}

function monthsLater(time: EpochMs, months: number): EpochMs {
  const date = new Date(time);
  return date.setUTCMonth(date.getUTCMonth() + months) as EpochMs;
}

function shared(rows: readonly number[]): Uint32Array {
  const array = new Uint32Array(new SharedArrayBuffer(rows.length * Uint32Array.BYTES_PER_ELEMENT));
  array.set(rows);
  return array;
}
