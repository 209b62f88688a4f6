import { INTERVALS, type Interval, intervalMs, MINUTE_MS } from '@candlecast/domain';

/** Returns the intervals that a typed text may mean, the likeliest first: "15" is 15m, "60" is 1h, "1" begins five of them. */
export function matchIntervals(text: string): readonly Interval[] {
  const wanted = text.trim();
  const lower = wanted.toLowerCase();
  const minutes = /^\d{1,5}$/.test(wanted) ? Number.parseInt(wanted, 10) : undefined;
  const rank = (interval: Interval) => {
    if (interval === wanted) return 0;
    if (minutes !== undefined && intervalMs(interval) === minutes * MINUTE_MS) return 1;
    if (interval.toLowerCase() === lower) return 2;
    return interval.startsWith(lower) ? 3 : undefined;
  };
  return INTERVALS.map((interval) => ({ interval, place: rank(interval) }))
    .filter((item): item is { interval: Interval; place: 0 | 1 | 2 | 3 } => item.place !== undefined)
    .sort((a, b) => a.place - b.place)
    .map(({ interval }) => interval);
}
