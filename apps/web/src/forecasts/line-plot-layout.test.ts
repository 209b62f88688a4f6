import { describe, expect, it } from 'vitest';
import { bandPath, frameOf, linePath, PLOT_HEIGHT, PLOT_WIDTH, place } from './line-plot-layout.ts';

const FRAME = { x: [0, 10], y: [-1, 1] } as const;

describe('a plot', () => {
  it('has its origin at the bottom left', () => {
    expect(place(FRAME, { x: 0, y: -1 })).toEqual({ x: 0, y: PLOT_HEIGHT });
    expect(place(FRAME, { x: 10, y: 1 })).toEqual({ x: PLOT_WIDTH, y: 0 });
    expect(place(FRAME, { x: 5, y: 0 })).toEqual({ x: PLOT_WIDTH / 2, y: PLOT_HEIGHT / 2 });
  });

  it('draws a line through its points, and none through one', () => {
    expect(linePath(FRAME, [{ x: 0, y: 0 }])).toBe('');
    expect(
      linePath(FRAME, [
        { x: 0, y: 0 },
        { x: 10, y: 1 },
      ]),
    ).toBe('M0 120L600 0');
  });

  it('closes a band', () => {
    const lower = [
      { x: 0, y: -1 },
      { x: 10, y: -1 },
    ];
    const upper = [
      { x: 0, y: 1 },
      { x: 10, y: 1 },
    ];
    expect(bandPath(FRAME, lower, upper)).toBe('M0 0L600 0L600 240L0 240Z');
  });

  it('is as high as its values, and never flat', () => {
    expect(
      frameOf(
        [
          { x: 1, y: 5 },
          { x: 2, y: 5 },
        ],
        2,
      ).y,
    ).toEqual([3.9, 6.1]);
    expect(frameOf([]).x).toEqual([0, 1]);
  });
});
