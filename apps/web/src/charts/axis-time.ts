import { DAY_MS, type EpochMs, type Interval, intervalMs, toIso } from '@candlecast/domain';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MINUTE_MS = 60_000;

/** Whose clock times are written by: UTC, or this machine's. */
export type Zone = 'utc' | 'local';

/** Returns a time axis label: "14:05", or "21 Nov" at midnight and for candles of a day and longer, which are days of UTC. */
export function formatAxisTime(time: EpochMs, interval: Interval, zone: Zone = 'utc'): string {
  const isOfDays = intervalMs(interval) >= DAY_MS;
  const iso = toIso(isOfDays ? time : shift(time, zone));
  const clock = iso.slice(11, 16);
  return isOfDays || clock === '00:00' ? `${dayOf(iso)} ${MONTHS[Number.parseInt(iso.slice(5, 7), 10) - 1]}` : clock;
}

/** Returns an instant to the minute: "21 Nov 2026 14:05". */
export function formatInstant(time: EpochMs, zone: Zone = 'utc'): string {
  const iso = toIso(shift(time, zone));
  return `${dayOf(iso)} ${MONTHS[Number.parseInt(iso.slice(5, 7), 10) - 1]} ${iso.slice(0, 4)} ${iso.slice(11, 16)}`;
}

function shift(time: EpochMs, zone: Zone): EpochMs {
  return zone === 'utc' ? time : ((time - new Date(time).getTimezoneOffset() * MINUTE_MS) as EpochMs);
}

function dayOf(iso: string): string {
  return iso.slice(8, 10).replace(/^0/, '');
}
