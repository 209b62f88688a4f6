import { toEpochMs } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { createExchangeClock } from './exchange-clock.ts';

const WALL = 1_700_000_000_000;
const THERE = 1_500_000_000_000;

/** A clock over an exchange whose time is `offset` away and runs `speed` times as fast; a reading takes `roundTripMs`. */
function aClock({ speed = 1, roundTripMs = 40 }: { speed?: number; roundTripMs?: number }) {
  const wall = new FakeClock(WALL);
  const there = { time: THERE, at: WALL, speed, roundTripMs, wrongOnceBy: 0 };
  let readings = 0;
  const clock = createExchangeClock({
    venue: 'SIM',
    speed,
    wall,
    async fetchServerTime() {
      readings += 1;
      const sentAt = wall.now();
      wall.advance(there.roundTripMs);
      const readAt = sentAt + there.roundTripMs / 2;
      const wrongBy = there.wrongOnceBy;
      there.wrongOnceBy = 0;
      return {
        sentAt,
        receivedAt: wall.now(),
        serverTime: toEpochMs(Math.round(there.time + wrongBy + (readAt - there.at) * there.speed)),
      };
    },
  });
  const truth = () => there.time + (wall.now() - there.at) * there.speed;
  return { clock, wall, there, truth, readings: () => readings };
}

describe('createExchangeClock', () => {
  it('follows the exchange, at its speed', async () => {
    const { clock, wall, truth } = aClock({ speed: 60 });
    await clock.refresh(0);
    expect(clock.now()).toBe(truth());
    wall.advance(90_000);
    expect(clock.now()).toBe(truth());
    expect(clock.toWallMs(60_000)).toBe(1_000);
  });

  it('takes a new reading only when the newest is too old, and one at a time', async () => {
    const { clock, wall, readings } = aClock({});
    await Promise.all([clock.refresh(0), clock.refresh(0)]);
    await clock.refresh(5_000);
    expect(readings()).toBe(1);
    wall.advance(5_001);
    await clock.refresh(5_000);
    expect(readings()).toBe(2);
  });

  it('keeps its time while readings agree with it, and takes the narrowest', async () => {
    const { clock, wall, there } = aClock({ roundTripMs: 400 });
    await clock.refresh(0);
    const first = clock.model();
    wall.advance(10_000);
    there.roundTripMs = 900;
    await clock.refresh(0);
    expect(clock.model()).toBe(first);
    wall.advance(10_000);
    there.roundTripMs = 2;
    await clock.refresh(0);
    expect(clock.model()).not.toBe(first);
  });

  it('follows a jump', async () => {
    const { clock, wall, there, truth } = aClock({});
    await clock.refresh(0);
    wall.advance(10_000);
    there.time -= 600_000;
    await clock.refresh(0);
    expect(clock.now()).toBe(truth());
  });

  it('does not believe a jump that the next reading does not tell', async () => {
    const { clock, wall, there, truth } = aClock({});
    await clock.refresh(0);
    wall.advance(10_000);
    there.wrongOnceBy = 600_000;
    await clock.refresh(0);
    expect(clock.now()).toBe(truth());
  });

  it('tells how far off it may be: half the way there and back, at the speed of the exchange', async () => {
    const { clock, wall, there } = aClock({ speed: 60, roundTripMs: 400 });
    await clock.refresh(0);
    expect(clock.errorMs()).toBe(200 * 60);
    wall.advance(5_000);
    there.roundTripMs = 10;
    await clock.refresh(0);
    expect(clock.errorMs()).toBe(5 * 60);
  });

  it('stands still with the exchange and runs on with it', async () => {
    const { clock, wall, there, truth } = aClock({ speed: 10 });
    await clock.refresh(0);
    there.time = truth();
    there.at = wall.now();
    there.speed = 0;
    for (let reading = 0; reading < 3; reading += 1) {
      wall.advance(5_000);
      await clock.refresh(0);
    }
    expect(clock.isStanding()).toBe(true);
    expect(clock.model().speed).toBe(0);
    wall.advance(100_000);
    expect(clock.now()).toBe(there.time);
    await clock.refresh(0);
    expect(clock.isStanding()).toBe(true);
    there.at = wall.now();
    there.speed = 10;
    wall.advance(5_000);
    await clock.refresh(0);
    expect(clock.isStanding()).toBe(false);
    expect(clock.now()).toBe(truth());
  });
});
