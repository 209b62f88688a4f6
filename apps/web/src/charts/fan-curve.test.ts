import type { EpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import type { ForecastFan } from '../market/forecast-fan.ts';
import { toFanCurve } from './fan-curve.ts';

const point = (time: number, half: number) => ({
  time: time as EpochMs,
  lower90: 100 - 2 * half,
  lower50: 100 - half,
  median: 100,
  upper50: 100 + half,
  upper90: 100 + 2 * half,
});
const fan: ForecastFan = {
  asOf: 0 as EpochMs,
  refPrice: 100,
  points: [point(4, 2), point(16, 4)],
  models: [],
  parts: [],
  cadenceMs: 60_000,
};

describe('toFanCurve', () => {
  const curve = toFanCurve(fan);

  it('begins at the issue price and passes every horizon exactly', () => {
    expect(curve[0]).toEqual(point(0, 0));
    expect(curve).toContainEqual(fan.points[0]);
    expect(curve.at(-1)).toEqual(fan.points[1]);
  });

  it('widens with the square root of time', () => {
    for (const { time, upper50 } of curve) expect(upper50 - 100).toBeCloseTo(Math.sqrt(time), 9);
  });

  it('only goes forward and never crosses its bands', () => {
    for (const [index, at] of curve.entries()) {
      if (index > 0) expect(at.time).toBeGreaterThan(curve[index - 1]?.time ?? 0);
      expect([at.lower90, at.lower50, at.median, at.upper50, at.upper90]).toEqual(
        [at.lower90, at.lower50, at.median, at.upper50, at.upper90].toSorted((a, b) => a - b),
      );
    }
  });
});
