import { MINUTE_MS, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { chooseClockAnchor } from './clock-anchor.ts';

const wallMs = toEpochMs(1_700_000_000_000);
const facts = { source: 'simulated' as const, speed: 1, wallMs, newestOpenTime: undefined, replayFrom: undefined };
const at = (text: string) => toEpochMs(Date.parse(text));

describe('chooseClockAnchor', () => {
  it('starts a simulated market now', () => {
    expect(chooseClockAnchor({ ...facts, speed: 60 })).toEqual({ wallMs, venueMs: wallMs });
  });

  it('lets a simulated market at speed 1 run with the wall clock from start to start', () => {
    expect(chooseClockAnchor({ ...facts, newestOpenTime: toEpochMs(wallMs - 3_600_000) })).toEqual({ wallMs, venueMs: wallMs });
  });

  it('never goes back behind what is stored, as after a fast run', () => {
    const newestOpenTime = toEpochMs(wallMs + 7 * MINUTE_MS);
    expect(chooseClockAnchor({ ...facts, newestOpenTime })?.venueMs).toBe(newestOpenTime + MINUTE_MS);
  });

  it('goes on at the close of the newest stored candle at other speeds', () => {
    const newestOpenTime = toEpochMs(wallMs - 3_600_000);
    expect(chooseClockAnchor({ ...facts, speed: 60, newestOpenTime })?.venueMs).toBe(newestOpenTime + MINUTE_MS);
  });

  it('starts a replay where it is told, goes on where it was, and leaves the default to the simulator', () => {
    const replay = { ...facts, source: 'replay' as const, speed: 30 };
    expect(chooseClockAnchor(replay)).toBeUndefined();
    expect(chooseClockAnchor({ ...replay, replayFrom: '2021-06-01T00:00:00Z' })?.venueMs).toBe(at('2021-06-01T00:00:00Z'));
    const later = chooseClockAnchor({ ...replay, replayFrom: '2021-06-01T00:00:00Z', newestOpenTime: at('2021-06-02T00:00:00Z') });
    expect(later?.venueMs).toBe(at('2021-06-02T00:01:00Z'));
  });
});
