import { DAY_MS, type DayCount, type EpochMs, type Gap, MINUTE_MS, type TimeRange } from '@candlecast/domain';

/** The length of the windows in which a series is audited, counted from 1970: the same ones in every run. */
const WINDOW_MS = 30 * DAY_MS;
/** A FETCH_FAILED range is asked for again after an hour, two, four, … at most a week. */
const FIRST_PAUSE_MS = 60 * MINUTE_MS;
const LONGEST_PAUSE_MS = 7 * DAY_MS;

/**
 * Returns what a round audits: the newest window, which every round looks at, and one older one, in turns by `round`. The whole of a
 * long history is gone through in as many rounds as it has windows.
 */
export function planAuditWindows(wanted: TimeRange, round: number): TimeRange[] {
  const windows = auditWindows(wanted);
  const newest = windows.at(-1);
  if (!newest) return [];
  const older = windows.length > 1 ? windows[round % (windows.length - 1)] : undefined;
  return older ? [older, newest] : [newest];
}

/** Returns all windows of a range, oldest first, cut to it. */
export function auditWindows(wanted: TimeRange): TimeRange[] {
  const windows: TimeRange[] = [];
  if (wanted.from >= wanted.to) return windows;
  for (let start = Math.floor(wanted.from / WINDOW_MS) * WINDOW_MS; start < wanted.to; start += WINDOW_MS) {
    windows.push({ from: Math.max(start, wanted.from) as EpochMs, to: Math.min(start + WINDOW_MS, wanted.to) as EpochMs });
  }
  return windows;
}

/**
 * Returns the days (neighbours joined) of which the counts do not add up: stored minutes and unresolved gaps are not what the day has.
 * Only there the minutes need to be looked at one by one.
 */
export function suspiciousDays(window: TimeRange, days: readonly DayCount[], unresolved: readonly Gap[]): TimeRange[] {
  const stored = new Map(days.map(({ day, minutes }) => [day, minutes]));
  const ranges: TimeRange[] = [];
  for (let day = Math.floor(window.from / DAY_MS) * DAY_MS; day < window.to; day += DAY_MS) {
    const range = { from: Math.max(day, window.from) as EpochMs, to: Math.min(day + DAY_MS, window.to) as EpochMs };
    const excused = unresolved.reduce((sum, gap) => sum + overlapMs(gap, range), 0);
    if ((stored.get(day as EpochMs) ?? 0) * MINUTE_MS + excused === range.to - range.from) continue;
    const last = ranges.at(-1);
    if (last?.to === range.from) ranges[ranges.length - 1] = { from: last.from, to: range.to };
    else ranges.push(range);
  }
  return ranges;
}

/** Tells whether a range that was given up is to be tried again. */
export function isRetryDue({ attempts, lastAttemptAt }: Pick<Gap, 'attempts' | 'lastAttemptAt'>, now: EpochMs): boolean {
  return now - lastAttemptAt >= Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, attempts - 1), LONGEST_PAUSE_MS);
}

function overlapMs(a: TimeRange, b: TimeRange): number {
  return Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from));
}
