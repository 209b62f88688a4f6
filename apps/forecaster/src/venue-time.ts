import { AppError, type Clock, clockOfVenue, type EpochMs, type InstrumentReader, type Venue } from '@candlecast/domain';

/** Returns what time it is at the venue. Throws `venue_clock_missing`, which is worth another try, before its clock is known. */
export async function findVenueTime(clocks: Pick<InstrumentReader, 'findClock'>, venue: Venue, clock: Clock): Promise<EpochMs> {
  const found = await clocks.findClock(venue);
  if (!found) throw new AppError('venue_clock_missing', `the clock of ${venue} is not known yet`, { retryable: true });
  return clockOfVenue(found, clock).now();
}
