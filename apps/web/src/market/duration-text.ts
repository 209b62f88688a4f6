import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '@candlecast/domain';

/** Returns the time left as a clock: "04:09" below an hour, "3:04:09" below a day, "2d 03h" beyond. Never negative. */
export function formatCountdown(ms: number): string {
  const left = Math.max(0, ms);
  const hours = Math.floor(left / HOUR_MS);
  const minutes = pad(Math.floor((left % HOUR_MS) / MINUTE_MS));
  const seconds = pad(Math.floor((left % MINUTE_MS) / SECOND_MS));
  if (left >= DAY_MS) return `${Math.floor(left / DAY_MS)}d ${pad(hours % 24)}h`;
  return hours > 0 ? `${hours}:${minutes}:${seconds}` : `${minutes}:${seconds}`;
}

/** Returns an age in its largest whole unit: "3 s", "12 min", "5 h", "2 d". Never negative. */
export function formatAge(ms: number): string {
  const age = Math.max(0, ms);
  if (age < MINUTE_MS) return `${Math.floor(age / SECOND_MS)} s`;
  if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min`;
  if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h`;
  return `${Math.floor(age / DAY_MS)} d`;
}

/** Tells whether something that comes every `cadenceMs` is overdue: older than twice that. */
export function isStale(ageMs: number, cadenceMs: number): boolean {
  return ageMs > 2 * cadenceMs;
}

function pad(value: number): string {
  return value.toString().padStart(2, '0');
}
