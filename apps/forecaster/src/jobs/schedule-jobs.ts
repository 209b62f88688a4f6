import { type EpochMs, type JobStore, nextOccasion, type Venue } from '@candlecast/domain';
import type { ScheduledJob } from './job-kind.ts';

/** The key of work of which there is one of a kind. */
export const ONLY = 'only';

/** Sees to it that the venue has these jobs; a new one, or one whose cadence has changed, is due at the first occasion after `now`. */
export async function scheduleJobs(
  jobs: Pick<JobStore, 'ensure'>,
  venue: Venue,
  scheduled: readonly ScheduledJob[],
  now: EpochMs,
): Promise<void> {
  for (const { kind, cadence } of scheduled)
    await jobs.ensure({ venue, kind, key: ONLY, payload: {}, cadence, dueAt: nextOccasion(cadence, now) });
}
