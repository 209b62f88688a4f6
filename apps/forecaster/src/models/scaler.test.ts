import { describe, expect, it } from 'vitest';
import { fitScaler, SCALED_LIMIT, scaleWindows } from './scaler.ts';

const windows = Float32Array.of(1, 7, 3, 7, 5, 7);

describe('fitScaler and scaleWindows', () => {
  const scaler = fitScaler(windows, 2);

  it('give mean 0 and standard deviation 1 to what they were fitted on', () => {
    const scaled = [...scaleWindows(windows, scaler)].filter((_, index) => index % 2 === 0);
    expect(scaled.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    expect(scaled.reduce((sum, value) => sum + value ** 2, 0) / 3).toBeCloseTo(1, 6);
  });

  it('silence a feature that never moved in training', () => {
    expect(scaleWindows(Float32Array.of(3, 8), scaler)[1]).toBeCloseTo(0, 6);
  });

  it('cut what lies far outside', () => {
    expect([...scaleWindows(Float32Array.of(1e6, 7, -1e6, 7), scaler)]).toEqual([SCALED_LIMIT, 0, -SCALED_LIMIT, 0]);
  });
});
