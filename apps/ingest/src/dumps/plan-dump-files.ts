import { DAY_MS, type EpochMs, type TimeRange, toIso } from '@candlecast/domain';

/** A file of the dump host: 1m candles of one pair over a UTC month or day. */
export interface DumpFile {
  readonly symbol: string;
  readonly kind: 'monthly' | 'daily';
  /** `2022-01` or `2022-01-31`. */
  readonly period: string;
  readonly range: TimeRange;
}

/** Returns the files that hold `range`, oldest first: months that were over at `now`, and the days of the running month that were. */
export function planDumpFiles(symbol: string, range: TimeRange, now: EpochMs): DumpFile[] {
  const files: DumpFile[] = [];
  if (range.from >= range.to) return files;
  for (let start = startOfMonth(range.from); start < range.to; start = startOfNextMonth(start)) {
    const month = { from: start, to: startOfNextMonth(start) };
    if (month.to <= now) files.push({ symbol, kind: 'monthly', period: toIso(start).slice(0, 7), range: month });
    else files.push(...planDailyFiles(symbol, { from: later(month.from, range.from), to: sooner(month.to, range.to) }, now));
  }
  return files;
}

/** Returns the daily files of a range: what a monthly file that is not published yet is made of. */
export function planDailyFiles(symbol: string, range: TimeRange, now: EpochMs): DumpFile[] {
  const files: DumpFile[] = [];
  for (let from = Math.floor(range.from / DAY_MS) * DAY_MS; from < range.to && from + DAY_MS <= now; from += DAY_MS) {
    const day = { from: from as EpochMs, to: (from + DAY_MS) as EpochMs };
    files.push({ symbol, kind: 'daily', period: toIso(day.from).slice(0, 10), range: day });
  }
  return files;
}

/** Returns the part of a range that lies in months that were over at `now`: what monthly files hold. */
export function wholeMonths(range: TimeRange, now: EpochMs): TimeRange {
  return { from: range.from, to: later(range.from, sooner(range.to, startOfMonth(now))) };
}

function startOfMonth(time: EpochMs): EpochMs {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth()) as EpochMs;
}

function startOfNextMonth(start: EpochMs): EpochMs {
  const date = new Date(start);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1) as EpochMs;
}

function later(a: EpochMs, b: EpochMs): EpochMs {
  return a > b ? a : b;
}

function sooner(a: EpochMs, b: EpochMs): EpochMs {
  return a < b ? a : b;
}
