import { describe, expect, it } from 'vitest';
import { toInputBytes } from '../features/model-input.ts';
import { clippedShare, scaledPartsOf, toScaledPart } from './clipped-share.ts';

const scaler = { mean: Float32Array.of(10, 0), std: Float32Array.of(2, 1) };
/** The first float is a gate; two rows of two columns follow, and a sigma that nothing scales. */
const parts = [toScaledPart(1, 4, scaler)];
const input = (...floats: number[]) => toInputBytes(Float32Array.from(floats));

describe('clippedShare', () => {
  it('counts what lies beyond four deviations of the training, on both sides, and nothing else', () => {
    expect(clippedShare(parts, [input(99, 18, 4, 10, 0, 99)])).toBe(0);
    expect(clippedShare(parts, [input(99, 18.1, -4.1, 10, 0, 99)])).toBe(0.5);
    expect(clippedShare(parts, [input(0, 10, 0, 10, 0, 0), input(0, 10, 5, 10, 0, 0)])).toBe(0.125);
  });

  it('passes over what is not known, and says nothing of a model that scales nothing', () => {
    expect(clippedShare(parts, [input(0, Number.NaN, 5, Number.NaN, 0, 0)])).toBe(0.5);
    expect(clippedShare(parts, [])).toBeNull();
    expect(clippedShare([], [input(1)])).toBeNull();
  });

  it('is told by the model card', () => {
    expect(scaledPartsOf({ card: { scaled: parts } })).toEqual([{ offset: 1, floats: 4, mean: [10, 0], std: [2, 1] }]);
    expect(scaledPartsOf({ card: {} })).toEqual([]);
  });
});
