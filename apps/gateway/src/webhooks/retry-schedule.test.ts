import { DAY_MS } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-schedule.ts';

describe('the waits between tries', () => {
  it('grow from seconds to hours', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 30].map((attempts) => retryAfterMs(attempts, 0.5) / 1_000)).toEqual([
      5, 30, 120, 300, 900, 1_800, 3_600, 7_200, 10_800, 10_800,
    ]);
  });

  it('spread by a fifth', () => {
    expect([retryAfterMs(0, 0), retryAfterMs(0, 1)]).toEqual([4_000, 6_000]);
  });

  it('make about sixteen tries in a day', () => {
    let [tries, ms] = [1, 0];
    while (ms < DAY_MS) ms += retryAfterMs(tries++ - 1, 0.5);
    expect(tries).toBe(16);
  });
});
