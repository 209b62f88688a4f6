import { type EpochMs, MINUTE_MS, parseIso, toEpochMs } from '@candlecast/domain';

/** The simulator's clock: its time was `venueMs` when this machine's was `wallMs`. Both in epoch milliseconds. */
export interface ClockAnchor {
  readonly wallMs: EpochMs;
  readonly venueMs: EpochMs;
}

/**
 * Chooses the clock that the simulator starts with, so that its time goes on from start to start: never before `newestOpenTime`, the
 * newest stored 1m candle, has closed. Undefined when the simulator alone knows (the first start of a replay without a given start).
 */
export function chooseClockAnchor(facts: {
  readonly source: 'simulated' | 'replay';
  readonly speed: number;
  readonly wallMs: EpochMs;
  readonly newestOpenTime: EpochMs | undefined;
  readonly replayFrom: string | undefined;
}): ClockAnchor | undefined {
  const { wallMs } = facts;
  const stored = facts.newestOpenTime === undefined ? undefined : toEpochMs(facts.newestOpenTime + MINUTE_MS);
  if (facts.source === 'replay') {
    const venueMs = stored ?? (facts.replayFrom === undefined ? undefined : parseIso(facts.replayFrom));
    return venueMs === undefined ? undefined : { wallMs, venueMs };
  }
  if (stored === undefined) return { wallMs, venueMs: wallMs };
  // At speed 1 venue time is wall time, unless an earlier, faster run is ahead of it.
  return { wallMs, venueMs: facts.speed === 1 ? toEpochMs(Math.max(stored, wallMs)) : stored };
}
