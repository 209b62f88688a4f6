import type { EpochMs } from '@candlecast/domain';
import type { Bar } from './bar.ts';
import { type BarSchema, instrumentColumns, OWN_SEQUENCE_COLUMNS } from './bar-schema.ts';
import { createEwmaVariance } from './ewma.ts';
import { createRollingMeans } from './rolling-means.ts';
import { createSeason } from './season.ts';

/** The features of one instrument, made bar by bar. Training feeds it a whole history, serving each close: the values are the same. */
export interface InstrumentFeatures {
  /** Takes the next bar of the grid in order; undefined for one that is missing. */
  push(openTime: EpochMs, bar: Bar | undefined): void;
  /** True when the newest bar was there: only then do the values below mean anything. */
  isKnown(): boolean;
  /** Bars that were there so far. */
  known(): number;
  /** Values in the order of `instrumentColumns`, NaN where not known. Overwritten by the next `push`. */
  readonly context: Float64Array;
  /** The first OWN_SEQUENCE_COLUMNS values of SEQUENCE_COLUMNS. Overwritten by the next `push`. */
  readonly sequence: Float64Array;
  /** Standard deviation of the log return over each horizon of the schema: the tuned EWMA. Overwritten by the next `push`. */
  readonly sigmas: Float64Array;
  /** Standard deviation of one bar's return by the fixed decay that features are measured by. */
  baseSigma(): number;
}

const BASE_DECAY = 0.94;
/** Mean of ln(high / low)² of a random walk is this times its variance (Parkinson 1980). */
const PARKINSON = 4 * Math.LN2;
const LEAST_VARIANCE = 1e-10;
/** Added to means of squares and of amounts before they divide or are taken the logarithm of. */
const LEAST_MEAN = 1e-12;
const LEAST_AMOUNT = 1e-9;
const LARGEST_RETURN = 8;
const LARGEST_MOMENTUM = 6;
const DAY_CYCLES = { cycles: 28, least: 7 };
const WEEK_CYCLES = { cycles: 12, least: 3 };
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 3;
const SATURDAY = 5;

/** Returns the features of an instrument that has had no bar yet. */
export function createInstrumentFeatures(schema: BarSchema): InstrumentFeatures {
  const { scales, momentum, fast, dayBars, horizonBars } = schema;
  const weekBars = 7 * dayBars;
  const context = new Float64Array(instrumentColumns(schema).length);
  const sequence = new Float64Array(OWN_SEQUENCE_COLUMNS);
  const sigmas = new Float64Array(horizonBars.length);
  const base = createEwmaVariance(BASE_DECAY);
  const tuned = schema.decays.map(createEwmaVariance);
  const ranges = createRollingMeans([...scales, dayBars, weekBars]);
  const squares = createRollingMeans([...scales, dayBars, weekBars]);
  const downside = createRollingMeans([dayBars, weekBars]);
  const volumes = createRollingMeans([...fast, weekBars]);
  const takerBuys = createRollingMeans(fast);
  const trades = createRollingMeans([...fast, weekBars]);
  const seasonDay = createSeason(dayBars, DAY_CYCLES.cycles, DAY_CYCLES.least);
  const seasonWeek = createSeason(weekBars, WEEK_CYCLES.cycles, WEEK_CYCLES.least);
  const closes = new Float64Array(Math.max(...momentum) + 1).fill(Number.NaN);
  let bars = -1;
  let known = 0;
  let isKnown = false;

  function closeBack(count: number): number {
    return count > bars ? Number.NaN : (closes[(bars - count) % closes.length] as number);
  }

  /** Writes the values of a bar that is there; `logReturn` is NaN after a gap. */
  function write(openTime: EpochMs, bar: Bar, logReturn: number, range: number): void {
    const slot = Math.floor(openTime / schema.stepMs);
    const daySlot = slot % dayBars;
    const weekSlot = slot % weekBars;
    const relative = Math.log(range) - Math.log(ranges.mean(scales.length));
    seasonDay.push(daySlot, relative);
    seasonWeek.push(weekSlot, relative);
    const variance = base.variance();
    const sigma = Math.sqrt(variance);
    const weekVolume = volumes.mean(fast.length) + LEAST_AMOUNT;
    const weekTrades = trades.mean(fast.length) + LEAST_AMOUNT;
    const seasonNow = orZero(seasonDay.at(daySlot));
    const day = (2 * Math.PI * daySlot) / dayBars;
    const week = (2 * Math.PI * weekSlot) / weekBars;

    let column = 0;
    const add = (value: number) => {
      context[column++] = value;
    };
    for (const index of scales.keys()) add(0.5 * Math.log(ranges.mean(index) / variance));
    for (const [index, span] of scales.entries()) if (span > 1) add(0.5 * Math.log((squares.mean(index) + LEAST_MEAN) / variance));
    for (const span of momentum) add(clip((bar.logClose - closeBack(span)) / (sigma * Math.sqrt(span)), LARGEST_MOMENTUM));
    fast.forEach((_, index) => {
      add(Math.log((volumes.mean(index) + LEAST_AMOUNT) / weekVolume));
      add(Math.log((trades.mean(index) + LEAST_AMOUNT) / weekTrades));
      add((2 * takerBuys.mean(index)) / (volumes.mean(index) + LEAST_AMOUNT) - 1);
    });
    for (const index of [0, 1]) add(downside.mean(index) / (squares.mean(scales.length + index) + LEAST_MEAN) - 0.5);
    for (const span of horizonBars) {
      add(seasonDay.ahead(daySlot, span));
      add(seasonWeek.ahead(weekSlot, span));
    }
    for (const value of [seasonNow, Math.sin(day), Math.cos(day), Math.sin(2 * day), Math.cos(2 * day), Math.sin(week), Math.cos(week)])
      add(value);
    add((Math.floor(weekSlot / dayBars) + EPOCH_WEEKDAY) % 7 >= SATURDAY ? 1 : 0);
    for (const ewma of tuned) add(0.5 * Math.log(ewma.variance() / variance));

    sequence.set([
      clip(logReturn / sigma, LARGEST_RETURN),
      0.5 * Math.log(range / ranges.mean(scales.length + 1)),
      Math.log((bar.baseVolume + LEAST_AMOUNT) / weekVolume),
      (2 * bar.takerBuyBaseVolume) / (bar.baseVolume + LEAST_AMOUNT) - 1,
      Math.log((bar.tradeCount + LEAST_AMOUNT) / weekTrades),
      seasonNow,
      Math.sin(day),
      Math.cos(day),
      Math.sin(week),
      Math.cos(week),
      0.5 * Math.log(ranges.mean(scales.length) / variance),
      0.5 * Math.log((squares.mean(scales.length + 1) + LEAST_MEAN) / variance),
    ]);
    tuned.forEach((ewma, index) => {
      sigmas[index] = Math.sqrt(ewma.variance() * (horizonBars[index] as number));
    });
  }

  return {
    context,
    sequence,
    sigmas,
    isKnown: () => isKnown,
    known: () => known,
    baseSigma: () => Math.sqrt(base.variance()),
    push(openTime, bar) {
      bars += 1;
      closes[bars % closes.length] = bar?.logClose ?? Number.NaN;
      const logReturn = closeBack(0) - closeBack(1);
      const range = bar ? Math.max(LEAST_VARIANCE, (bar.logHigh - bar.logLow) ** 2 / PARKINSON) : Number.NaN;
      base.push(logReturn);
      for (const ewma of tuned) ewma.push(logReturn);
      ranges.push(range);
      squares.push(logReturn * logReturn);
      downside.push(Math.min(logReturn, 0) ** 2);
      volumes.push(bar?.baseVolume ?? Number.NaN);
      takerBuys.push(bar?.takerBuyBaseVolume ?? Number.NaN);
      trades.push(bar?.tradeCount ?? Number.NaN);
      isKnown = bar !== undefined;
      if (!bar) return;
      known += 1;
      write(openTime, bar, logReturn, range);
    },
  };
}

function clip(value: number, limit: number): number {
  return Math.max(-limit, Math.min(limit, value));
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
