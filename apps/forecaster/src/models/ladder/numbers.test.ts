import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { createNormalEquations } from './least-squares.ts';
import { nelderMead } from './nelder-mead.ts';
import { createTrailingQuantiles } from './trailing-quantiles.ts';

describe('createNormalEquations', () => {
  it('finds the coefficients of a plane, with columns that repeat each other too', () => {
    const random = createRandom(1);
    const equations = createNormalEquations(4);
    for (let row = 0; row < 200; row++) {
      const [a, b] = [random.normal(), random.normal()];
      equations.add(Float64Array.of(1, a, b, b), 3 - 2 * a + 4 * b);
    }
    const [constant, first, second, third] = equations.solve();
    expect(constant).toBeCloseTo(3, 6);
    expect(first).toBeCloseTo(-2, 6);
    expect((second ?? 0) + (third ?? 0)).toBeCloseTo(4, 6);
  });

  it('weighs rows', () => {
    const equations = createNormalEquations(1);
    equations.add(Float64Array.of(1), 10, 3);
    equations.add(Float64Array.of(1), 2, 1);
    expect(equations.solve()[0]).toBeCloseTo(8, 6);
  });
});

describe('nelderMead', () => {
  it("finds the end of Rosenbrock's valley", () => {
    const { at } = nelderMead(([x, y]) => (1 - (x ?? 0)) ** 2 + 100 * ((y ?? 0) - (x ?? 0) ** 2) ** 2, [-1.2, 1]);
    expect(at[0]).toBeCloseTo(1, 2);
    expect(at[1]).toBeCloseTo(1, 2);
  });
});

describe('createTrailingQuantiles', () => {
  it('gives what sorting the window gives', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(Number.NaN)), { maxLength: 60 }), (values) => {
        const trailing = createTrailingQuantiles(10);
        for (const value of values) trailing.push(value);
        const window = values
          .slice(-10)
          .filter((value) => !Number.isNaN(value))
          .sort((a, b) => a - b);
        expect(trailing.size).toBe(window.length);
        const place = 0.3 * (window.length - 1);
        const lower = window[Math.floor(place)] ?? Number.NaN;
        const upper = window[Math.floor(place) + 1] ?? lower;
        if (window.length === 0) expect(trailing.at(0.3)).toBeNaN();
        else expect(trailing.at(0.3)).toBeCloseTo(lower + (place - Math.floor(place)) * (upper - lower), 9);
      }),
    );
  });
});
