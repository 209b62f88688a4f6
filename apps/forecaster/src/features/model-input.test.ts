import { describe, expect, it } from 'vitest';
import { FEATURES, LOOKBACK_STEPS, SERVED_HORIZONS } from './feature-schema.ts';
import { fromInputBytes, INPUT_LAYOUTS, joinInput, toInputBytes, WINDOW_FLOATS } from './model-input.ts';

const window = Float32Array.from({ length: WINDOW_FLOATS }, (_, index) => index / 7);
const sigmas = Float32Array.from(SERVED_HORIZONS, (_, index) => (index === 7 ? Number.NaN : 0.001 * index));

describe('model inputs', () => {
  it('are little-endian float32, and come back as they were', () => {
    const bytes = toInputBytes(Float32Array.of(1, -2));
    expect([...bytes]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
    const input = joinInput(window, sigmas);
    expect(fromInputBytes(toInputBytes(input))).toEqual(input);
  });

  it('lie where the layout on the model card says', () => {
    const input = joinInput(window, sigmas);
    const { x, sigma } = INPUT_LAYOUTS.windowAndSigmas;
    expect(input.subarray(x.offset, x.offset + x.shape[0] * x.shape[1])).toEqual(window);
    expect(input.subarray(sigma.offset, sigma.offset + sigma.shape[0])).toEqual(sigmas);
    expect([x.shape, sigma.shape]).toEqual([[LOOKBACK_STEPS, FEATURES.length], [SERVED_HORIZONS.length]]);
  });
});
