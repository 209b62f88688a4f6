// pg, not Prisma: procedures that commit on their way and must be called outside every transaction, and a lock that a session holds.
import { type EpochMs, toIso, type Venue } from '@candlecast/domain';
import type { SessionPool } from './session.ts';

const RETAIN = { name: 'retention-apply', text: 'call retention_apply()' };
const COMPRESS = { name: 'candle-compress', text: 'call candle_compress($1::timestamptz)' };
const SPANS = {
  name: 'venue-spans',
  text: `
    select venue, min(first_open_time) as oldest, max(watermark) as newest from instrument
    where first_open_time is not null and watermark is not null group by venue order by venue`,
};
/** Any number, the same in every process. */
const LOCK_KEY = 7_224_001;

/** Removes what is past. */
export function applyRetention(sessions: SessionPool): Promise<void> {
  return sessions.runUntimed(RETAIN);
}

/** Compresses minutes before `before`, whole chunks only. */
export function compressCandles(sessions: SessionPool, before: EpochMs): Promise<void> {
  return sessions.runUntimed(COMPRESS, [toIso(before)]);
}

/** Returns from when to when each venue has minutes. */
export function findVenueSpans(
  sessions: SessionPool,
): Promise<{ readonly venue: Venue; readonly oldest: EpochMs; readonly newest: EpochMs }[]> {
  return sessions.run(SPANS);
}

/** Runs `work` while no other process of this database does; returns false without running it otherwise. */
export function tryExclusively(sessions: SessionPool, work: () => Promise<void>): Promise<boolean> {
  return sessions.runLocked(LOCK_KEY, work);
}
