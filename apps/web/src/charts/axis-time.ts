import { DAY_MS, type EpochMs, type Interval, intervalMs, toIso } from '@candlecast/domain';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Returns a time axis label in UTC: "14:05", or "21 Nov" at midnight and for candles of a day and longer. */
export function formatAxisTime(time: EpochMs, interval: Interval): string {
  const iso = toIso(time);
  if (intervalMs(interval) < DAY_MS && time % DAY_MS !== 0) return iso.slice(11, 16);
  return `${dayOf(iso)} ${MONTHS[Number.parseInt(iso.slice(5, 7), 10) - 1]}`;
}

/** Returns an instant in UTC to the minute: "21 Nov 2026 14:05". */
export function formatInstant(time: EpochMs): string {
  const iso = toIso(time);
  return `${dayOf(iso)} ${MONTHS[Number.parseInt(iso.slice(5, 7), 10) - 1]} ${iso.slice(0, 4)} ${iso.slice(11, 16)}`;
}

function dayOf(iso: string): string {
  return iso.slice(8, 10).replace(/^0/, '');
}
