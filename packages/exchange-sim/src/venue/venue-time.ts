import { type Clock, type EpochMs, toVenueTime } from '@candlecast/domain';

/** How the venue's time runs against this machine's: it was `anchorTime` there when it was `anchorWallTime` here. */
export interface ClockSettings {
  readonly anchorWallTime: EpochMs;
  readonly anchorTime: EpochMs;
  /** Venue milliseconds per millisecond here, 1 to 1,000. */
  readonly speed: number;
}

/** The two clocks of the simulator: the venue's for everything about the market, this machine's for limits and links. */
export interface VenueTime {
  readonly settings: ClockSettings;
  /** Time on the venue, whole milliseconds; it stands still once a recording is over. */
  now(): EpochMs;
  wallNow(): EpochMs;
  /** The clock of limits, bans and PINGs: this machine's unless the venue's was chosen. */
  limitNow(): EpochMs;
}

/** Which clock limits run on. */
export type LimitClock = 'wall' | 'venue';

/**
 * Creates the venue's time. It stops at `stopTime`, some seconds after the last candle of a recording: late enough for readers who
 * leave an exchange a margin before they call a candle closed.
 */
export function createVenueTime(wall: Clock, settings: ClockSettings, stopTime?: EpochMs, limitClock: LimitClock = 'wall'): VenueTime {
  const { anchorWallTime, anchorTime, speed } = settings;
  const clock = { venue: 'SIM', wallTime: anchorWallTime, anchorTime, speed } as const;
  const now = () => Math.min(toVenueTime(clock, wall.now()), stopTime ?? Number.POSITIVE_INFINITY) as EpochMs;
  const wallNow = () => wall.now();
  return { settings, now, wallNow, limitNow: limitClock === 'venue' ? now : wallNow };
}
