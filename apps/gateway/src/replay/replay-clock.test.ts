import { toEpochMs } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReplayClock } from './replay-clock.ts';

const WALL = 1_700_000_000_000;
const FROM = toEpochMs(1_650_000_000_000);
const speeds = fc.oneof(
  fc.constant(0),
  fc.constant(1),
  fc.integer({ min: 1, max: 3_600 }),
  fc.double({ min: 0.01, max: 3_600, noNaN: true }),
);

describe('the clock of a replay', () => {
  it('stands at its beginning until its anchor, then runs as fast as asked', () => {
    const wall = new FakeClock(WALL);
    const clock = createReplayClock({ replayFrom: FROM, speed: 60, anchoredAt: toEpochMs(WALL + 1_000) }, wall);
    expect(clock.now()).toBe(FROM);
    wall.advance(2_000);
    expect(clock.now()).toBe(FROM + 60_000);
  });

  it('is the same for all who name the same anchor, whenever they come', () => {
    fc.assert(
      fc.property(speeds, fc.integer({ min: 0, max: 10_000_000 }), fc.integer({ min: 0, max: 10_000_000 }), (speed, first, second) => {
        const wall = new FakeClock(WALL);
        const pace = { replayFrom: FROM, speed, anchoredAt: toEpochMs(WALL) };
        const early = createReplayClock(pace, wall);
        wall.advance(first);
        early.now();
        const late = createReplayClock(pace, wall);
        wall.advance(second);
        expect(late.now()).toBe(early.now());
      }),
    );
  });

  it('never goes back, also when this machine’s clock does', () => {
    fc.assert(
      fc.property(speeds, fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 20 }), (speed, steps) => {
        const wall = new FakeClock(WALL);
        const clock = createReplayClock({ replayFrom: FROM, speed, anchoredAt: toEpochMs(WALL) }, wall);
        let last = clock.now();
        for (const step of steps) {
          wall.advance(step);
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(last);
          last = now;
        }
      }),
    );
  });

  it('tells how long a moment is away: then it has come, and just before it has not', () => {
    fc.assert(
      fc.property(speeds, fc.integer({ min: 1, max: 1_000_000_000 }), (speed, ahead) => {
        const wall = new FakeClock(WALL);
        const clock = createReplayClock({ replayFrom: FROM, speed, anchoredAt: toEpochMs(WALL) }, wall);
        const time = toEpochMs(FROM + ahead);
        const ms = clock.wallMsUntil(time);
        if (speed === 0) {
          expect(ms).toBe(Number.POSITIVE_INFINITY);
          return;
        }
        const before = new FakeClock(WALL + ms - 1);
        expect(createReplayClock({ replayFrom: FROM, speed, anchoredAt: toEpochMs(WALL) }, before).now()).toBeLessThan(time);
        wall.advance(ms);
        expect(clock.now()).toBeGreaterThanOrEqual(time);
      }),
    );
  });
});
