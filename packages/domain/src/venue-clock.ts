import type { Venue } from './instrument.ts';
import type { Clock, EpochMs } from './time.ts';

/** How a venue's time runs: it was `anchorTime` there when it was `wallTime` here, and runs `speed` times as fast. */
export interface VenueClock {
  readonly venue: Venue;
  readonly wallTime: EpochMs;
  readonly anchorTime: EpochMs;
  readonly speed: number;
}

/** Returns the venue's time at a moment of this machine's clock. */
export function toVenueTime(clock: VenueClock, wallTime: EpochMs): EpochMs {
  return Math.round(clock.anchorTime + (wallTime - clock.wallTime) * clock.speed) as EpochMs;
}

/** Returns how many milliseconds of this machine's time `venueMs` of the venue's time take. */
export function toWallMs(clock: VenueClock, venueMs: number): number {
  return venueMs / clock.speed;
}

/** Returns a Clock that tells the venue's time. */
export function clockOfVenue(clock: VenueClock, wall: Clock): Clock {
  return { now: () => toVenueTime(clock, wall.now()) };
}
