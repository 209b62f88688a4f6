import { describe, expect, it } from 'vitest';
import { bitsAt, keyOf, RandomRun, toGaussian } from './random.ts';

function momentsOf(values: number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

describe('random numbers', () => {
  it('depend on seed, text and position', () => {
    const draws = [
      keyOf('a', 1),
      keyOf('a', 2),
      keyOf('b', 1),
      keyOf('ab', 1),
      keyOf('ba', 1),
      bitsAt(keyOf('a', 1), 1),
      bitsAt(keyOf('a', 1), 2),
    ];
    expect(new Set(draws).size).toBe(draws.length);
    expect(bitsAt(keyOf('BTCUSDT', 7), 29_000_000)).toBe(bitsAt(keyOf('BTCUSDT', 7), 29_000_000));
  });

  it('are standard normal in mean, variance and tails', () => {
    const key = keyOf('normal', 1);
    const draws = Array.from({ length: 200_000 }, (_, position) => toGaussian(bitsAt(key, position)));
    const { mean, variance } = momentsOf(draws);
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
    const beyond = (limit: number) => draws.filter((draw) => Math.abs(draw) > limit).length / draws.length;
    expect(beyond(1.96)).toBeCloseTo(0.05, 2);
    expect(beyond(2.576) / 0.01).toBeCloseTo(1, 0);
  });

  it('run the same from the same start', () => {
    const draw = () => {
      const run = new RandomRun(42);
      return [run.nextBits(), run.nextUniform(), run.nextBell()];
    };
    expect(draw()).toEqual(draw());
    const run = new RandomRun(7);
    const { mean, variance } = momentsOf(Array.from({ length: 100_000 }, () => run.nextBell()));
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
  });
});
