import { type InstrumentReader, toEpochMs, VENUES, type Venue } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findFreshnessRows, findInstrumentRow, findInstrumentRows } from './sql/instruments.ts';
import { findPastFreshnessRows } from './sql/past-freshness.ts';

/** Returns the reader of instruments and venue clocks. */
export function createInstrumentReader({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): InstrumentReader {
  return {
    findInstruments: (venue) => findInstrumentRows(sessions, venue),
    findInstrument: (id) => findInstrumentRow(sessions, id),
    findFreshness: (ids) => findFreshnessRows(sessions, ids),
    findFreshnessAsOf: (ids, asOf) => findPastFreshnessRows(sessions, ids, asOf),

    async findClock(venue) {
      const row = await prisma.venueClock.findUnique({ where: { venue } });
      if (!row) return undefined;
      return { venue, wallTime: toEpochMs(row.wallTime.getTime()), anchorTime: toEpochMs(row.anchorTime.getTime()), speed: row.speed };
    },

    async findRunningVenue() {
      const row = await prisma.venueClock.findFirst({ orderBy: { savedAt: 'desc' } });
      return VENUES.find((venue): venue is Venue => venue === row?.venue);
    },
  };
}
