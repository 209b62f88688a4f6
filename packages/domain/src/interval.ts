import type { EpochMs } from './time.ts';

/** The length of a candle. Every one is a fixed number of milliseconds; weeks open Monday 00:00 UTC. */
export const INTERVALS = ['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Each stored roll-up level and the next finer level that it is built from, finest first. */
export const ROLLUP_LADDER: readonly { readonly interval: Interval; readonly source: Interval }[] = [
  { interval: '3m', source: '1m' },
  { interval: '5m', source: '1m' },
  { interval: '15m', source: '5m' },
  { interval: '30m', source: '15m' },
  { interval: '1h', source: '30m' },
  { interval: '2h', source: '1h' },
  { interval: '4h', source: '2h' },
  { interval: '6h', source: '2h' },
  { interval: '12h', source: '6h' },
  { interval: '1d', source: '12h' },
  { interval: '1w', source: '1d' },
];

const LENGTH_MS: Record<Interval, number> = {
  '1m': 60_000,
  '3m': 180_000,
  '5m': 300_000,
  '15m': 900_000,
  '30m': 1_800_000,
  '1h': 3_600_000,
  '2h': 7_200_000,
  '4h': 14_400_000,
  '6h': 21_600_000,
  '12h': 43_200_000,
  '1d': 86_400_000,
  '1w': 604_800_000,
};

/** A Monday: every bucket is counted from it (2000-01-03T00:00:00Z). */
const ORIGIN_MS = 946_857_600_000;

const TRADING_VIEW: Record<string, Interval> = {
  '1': '1m',
  '3': '3m',
  '5': '5m',
  '15': '15m',
  '30': '30m',
  '60': '1h',
  '120': '2h',
  '240': '4h',
  '360': '6h',
  '720': '12h',
  D: '1d',
  '1D': '1d',
  W: '1w',
  '1W': '1w',
};

/** Returns the interval for its own name or TradingView's ("60", "1D"); undefined for anything else ("1M" is a month: unsupported). */
export function parseInterval(text: string): Interval | undefined {
  return INTERVALS.find((interval) => interval === text) ?? (Object.hasOwn(TRADING_VIEW, text) ? TRADING_VIEW[text] : undefined);
}

/** Returns the interval's length in milliseconds. */
export function intervalMs(interval: Interval): number {
  return LENGTH_MS[interval];
}

/** Returns the open time of the bucket that contains `time`. */
export function floorToInterval(time: EpochMs, interval: Interval): EpochMs {
  return floorToStep(time, LENGTH_MS[interval]);
}

/** Returns the open time of the first bucket that opens at or after `time`. */
export function ceilToInterval(time: EpochMs, interval: Interval): EpochMs {
  const floor = floorToInterval(time, interval);
  return (floor === time ? floor : floor + LENGTH_MS[interval]) as EpochMs;
}

/** Returns the exclusive end of a candle: the open time of the next one. */
export function closeTimeOf(openTime: EpochMs, interval: Interval): EpochMs {
  return (openTime + LENGTH_MS[interval]) as EpochMs;
}

/** Returns the start of the `stepMs`-long bucket, counted from Monday 2000-01-03, that contains `time`. */
export function floorToStep(time: EpochMs, stepMs: number): EpochMs {
  return (ORIGIN_MS + Math.floor((time - ORIGIN_MS) / stepMs) * stepMs) as EpochMs;
}
