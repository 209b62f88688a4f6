import type { Venue } from './instrument.ts';
import { DAY_MS, type EpochMs, MINUTE_MS, toEpochMs } from './time.ts';

/** How often scheduled work comes: at every quarter of an hour, or at UTC midnight of every day, of Mondays, or of the first of a month. */
export const JOB_CADENCES = ['QUARTER_HOURLY', 'DAILY', 'WEEKLY', 'MONTHLY'] as const;
export type JobCadence = (typeof JOB_CADENCES)[number];

/** WAITING for its time, its next try or a process; RUNNING; DONE or FAILED for good, which scheduled work never is. */
export const JOB_STATES = ['WAITING', 'RUNNING', 'DONE', 'FAILED'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Work to be done once. A venue has one of a kind and a key. */
export interface NewJob {
  readonly venue: Venue;
  readonly kind: string;
  /** Tells apart what is done of one kind. */
  readonly key: string;
  readonly payload: Readonly<Record<string, unknown>>;
  /** Null: once. */
  readonly cadence: JobCadence | null;
  /** When to begin, by the venue's clock. */
  readonly dueAt: EpochMs;
}

/** A job that a process has taken. Whoever took it earlier holds a smaller token and is refused. */
export interface TakenJob extends NewJob {
  readonly id: string;
  readonly token: number;
  /** This try included, since it became due. */
  readonly attempts: number;
}

const QUARTER_HOUR_MS = 15 * MINUTE_MS;

/** Returns the first occasion of a cadence after `time`: a quarter of an hour or a UTC midnight. */
export function nextOccasion(cadence: JobCadence, time: EpochMs): EpochMs {
  if (cadence === 'QUARTER_HOURLY') return toEpochMs((Math.floor(time / QUARTER_HOUR_MS) + 1) * QUARTER_HOUR_MS);
  if (cadence === 'MONTHLY') {
    const date = new Date(time);
    return toEpochMs(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
  }
  const midnight = toEpochMs((Math.floor(time / DAY_MS) + 1) * DAY_MS);
  if (cadence === 'DAILY') return midnight;
  const daysToMonday = (8 - new Date(midnight).getUTCDay()) % 7;
  return toEpochMs(midnight + daysToMonday * DAY_MS);
}
