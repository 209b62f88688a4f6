import type { ReplayReader } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findKnownHindcastRows } from './sql/hindcasts.ts';
import { findKnownGapRows, findKnownMinuteRows, wasAliveAt } from './sql/replay.ts';
import { findKnownForecastRows, findKnownResolutionRows } from './sql/replay-forecasts.ts';

/** Returns the reader of the past in the order in which it became known. Instruments that are not known have none. */
export function createReplayReader({ sessions }: Pick<Database, 'sessions'>): ReplayReader {
  return {
    async findKnownMinutes(query) {
      const rows = await findKnownMinuteRows(sessions, query);
      return rows.map(({ instrumentId, time, key, ...candle }) => ({ instrumentId, time, key, candle: { ...candle, isClosed: true } }));
    },
    findKnownGaps: (query) => findKnownGapRows(sessions, query),
    findKnownForecasts: (query) => findKnownForecastRows(sessions, query),
    findKnownResolutions: (query) => findKnownResolutionRows(sessions, query),
    findKnownHindcasts: (query) => findKnownHindcastRows(sessions, query),
    wasAlive: (venue, at, withinMs) => wasAliveAt(sessions, venue, at, withinMs),
  };
}
