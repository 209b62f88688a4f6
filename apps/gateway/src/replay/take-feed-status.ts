import type { EpochMs, FeedStatus, ReplayReader, Venue } from '@candlecast/domain';

/** Without a minute for so long a feed counts as stale. */
const ALIVE_MS = 180_000;

/**
 * Returns what takes the state of a venue's feed when it has changed. What a feed said of itself is not stored: LIVE is a feed of which a minute became
 * known within the last three minutes, STALE another one.
 */
export function createFeedTaker(replay: Pick<ReplayReader, 'wasAlive'>, venue: Venue) {
  let sent: FeedStatus['state'] | undefined;
  return async (now: EpochMs): Promise<FeedStatus[]> => {
    const state = (await replay.wasAlive(venue, now, ALIVE_MS)) ? 'LIVE' : 'STALE';
    if (state === sent) return [];
    sent = state;
    const detail = state === 'LIVE' ? 'replayed: minutes came' : 'replayed: no minute came for three minutes';
    return [{ venue, state, since: now, detail }];
  };
}
