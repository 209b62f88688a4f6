import { type EpochMs, SECOND_MS, type Venue, type VenueClock } from '@candlecast/domain';

/** The venue's time as an answer of the gateway gives it, and this machine's time when it came. */
export interface VenueTimeSample {
  readonly venue: Venue;
  readonly venueTime: EpochMs;
  readonly wallTime: EpochMs;
}

const SNAP = 0.05;

/**
 * Returns the venue's clock after one more sample. Its speed comes from the distance to the previous sample (real time is
 * assumed until there are two), snapped to a whole number when it is within 5 %, since answers take a varying time to arrive.
 */
export function trackVenueClock(known: VenueClock | undefined, sample: VenueTimeSample): VenueClock {
  const { venue, venueTime, wallTime } = sample;
  const fresh: VenueClock = { venue, wallTime, anchorTime: venueTime, speed: known?.venue === venue ? known.speed : 1 };
  if (!known || known.venue !== venue || wallTime - known.wallTime < SECOND_MS) return fresh;
  const speed = (venueTime - known.anchorTime) / (wallTime - known.wallTime);
  const whole = Math.round(speed);
  return { ...fresh, speed: Math.max(0, Math.abs(speed - whole) <= SNAP * Math.max(1, whole) ? whole : speed) };
}
