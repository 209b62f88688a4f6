import type { EpochMs, Instrument } from '@candlecast/domain';
import type { Venues } from '../market/venues.ts';

/** Returns the present time of the instruments' venues, the earliest where they differ. */
export async function loadPresent(venues: Venues, instruments: readonly Pick<Instrument, 'venue'>[]): Promise<EpochMs> {
  const all = [...new Set(instruments.map(({ venue }) => venue))];
  return Math.min(...(await Promise.all(all.map((venue) => venues.now(venue))))) as EpochMs;
}
