import { type Clock, type EpochMs, toEpochMs } from '@candlecast/domain';

/** How a replay's time runs. */
export interface ReplayPace {
  /** The moment of the past at which it begins. */
  readonly replayFrom: EpochMs;
  /** How many times as fast as this machine's time; 0 stands still. */
  readonly speed: number;
  /** This machine's time at which it was `replayFrom`: all who name the same share one clock. */
  readonly anchoredAt: EpochMs;
}

/** The time of a replay. It never goes back. */
export interface ReplayClock extends Clock {
  /** Milliseconds of this machine's time until it is `time` there; 0 when it is already, infinite when it never will be. */
  wallMsUntil(time: EpochMs): number;
}

/** The fastest. */
export const MAX_SPEED = 3_600;

/** Returns the clock of a replay. Before `anchoredAt` it stands at `replayFrom`. */
export function createReplayClock({ replayFrom, speed, anchoredAt }: ReplayPace, wall: Clock): ReplayClock {
  let latest = replayFrom;
  function now(): EpochMs {
    const passed = Math.max(0, wall.now() - anchoredAt);
    latest = toEpochMs(Math.max(latest, Math.floor(replayFrom + passed * speed)));
    return latest;
  }
  return {
    now,
    wallMsUntil(time) {
      if (time <= now()) return 0;
      return speed === 0 ? Number.POSITIVE_INFINITY : Math.max(0, Math.ceil(anchoredAt + (time - replayFrom) / speed - wall.now()));
    },
  };
}
