import type { EpochMs, VenueClock } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { steadyClock, withSystemTime } from './steady-clock.ts';

afterEach(() => void vi.useRealTimers());

describe('steadyClock', () => {
  it('does not follow a step of the wall clock', () => {
    const before = steadyClock.now();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 });
    expect(steadyClock.now() - before).toBeLessThan(300_000);
  });
});

describe('withSystemTime', () => {
  it('saves a clock as the system would have read it', async () => {
    const saved: VenueClock[] = [];
    const writer = { saveClock: async (model: VenueClock) => void saved.push(model) };
    const model: VenueClock = { venue: 'SIM', wallTime: 900 as EpochMs, anchorTime: 5 as EpochMs, speed: 1 };
    // The system's clock was set back by ten minutes since the start.
    await withSystemTime(writer, new FakeClock(1_000_000), new FakeClock(1_600_000)).saveClock(model);
    expect(saved).toEqual([{ ...model, wallTime: 900 - 600_000 }]);
  });
});
