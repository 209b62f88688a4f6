import { addMs, closeTimeOf, DAY_MS, type EpochMs, floorToInterval, HOUR_MS, type Interval, intervalMs } from '@candlecast/domain';

/** A stretch of time and what the candles in it are made from. Bounds are whole hours, of days whole days; nothing overlaps but `isInDay`. */
export interface FoldSource {
  readonly source: '1d' | '1h' | '1m';
  readonly from: EpochMs;
  readonly to: EpochMs;
  /** A day's hours, for candles that a day is too long for: the others take the day. */
  readonly isInDay: boolean;
}

/** Moments between which the materialised rows of a level may not be what its minutes are, both ends included. */
export interface Unsettled {
  readonly level: '1h' | '1d';
  readonly first: EpochMs;
  readonly last: EpochMs;
}

/** Whether a candle is made from hours. */
export function isLong(interval: Interval): boolean {
  return intervalMs(interval) >= HOUR_MS;
}

/**
 * Returns what candles of an hour and longer are to be made from: days where all of a day is settled, hours where the hour is, minutes
 * elsewhere. `changed` are open times of minutes that nobody else can see yet.
 */
export function planFoldSources(
  candles: readonly { readonly interval: Interval; readonly openTime: EpochMs }[],
  unsettled: readonly Unsettled[],
  changed: readonly EpochMs[],
): FoldSource[] {
  const written = { '1h': floorAll(changed, '1h'), '1d': floorAll(changed, '1d') };
  const isSettled = (level: Unsettled['level'], from: EpochMs) =>
    !written[level].has(from) &&
    unsettled.every((doubt) => doubt.level !== level || doubt.first >= closeTimeOf(from, level) || doubt.last < from);
  const [hours, days] = [new Set<EpochMs>(), new Set<EpochMs>()];
  for (const { interval, openTime } of distinct(candles)) {
    const hasDays = intervalMs(interval) >= DAY_MS;
    for (const at of stepsOf(openTime, closeTimeOf(openTime, interval), hasDays ? '1d' : '1h')) (hasDays ? days : hours).add(at);
  }
  const settledDays = new Set([...days].filter((day) => isSettled('1d', day)));
  for (const day of days) if (!settledDays.has(day)) for (const at of stepsOf(day, closeTimeOf(day, '1d'), '1h')) hours.add(at);

  return [
    ...runs([...settledDays], DAY_MS).map((run) => ({ source: '1d' as const, ...run, isInDay: false })),
    ...[true, false].flatMap((isInDay) => {
      const own = [...hours].filter((at) => settledDays.has(floorToInterval(at, '1d')) === isInDay);
      return (['1h', '1m'] as const).flatMap((source) =>
        runs(
          own.filter((at) => isSettled('1h', at) === (source === '1h')),
          HOUR_MS,
        ).map((run) => ({ source, ...run, isInDay })),
      );
    }),
  ];
}

function floorAll(times: readonly EpochMs[], interval: Interval): Set<EpochMs> {
  return new Set(times.map((time) => floorToInterval(time, interval)));
}

function* stepsOf(from: EpochMs, to: EpochMs, interval: Interval): Iterable<EpochMs> {
  for (let at = from; at < to; at = closeTimeOf(at, interval)) yield at;
}

function distinct<T extends { readonly interval: Interval; readonly openTime: EpochMs }>(candles: readonly T[]): Iterable<T> {
  return new Map(candles.map((candle) => [`${candle.interval} ${candle.openTime}`, candle])).values();
}

/** Joins steps of one length that follow each other. */
function runs(starts: readonly EpochMs[], stepMs: number): { from: EpochMs; to: EpochMs }[] {
  const joined: { from: EpochMs; to: EpochMs }[] = [];
  for (const from of [...starts].sort((a, b) => a - b)) {
    const last = joined.at(-1);
    if (last?.to === from) last.to = addMs(from, stepMs);
    else joined.push({ from, to: addMs(from, stepMs) });
  }
  return joined;
}
