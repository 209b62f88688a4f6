import { toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { ghostsOf, pointsOf, toPredicted } from './prediction-series.ts';

const QUANTILES = [
  [0.05, '90'],
  [0.5, '101'],
  [0.95, '110'],
] as const;

function forecast(minute: number, actual: string | null) {
  const time = (minutes: number) => new Date(Date.UTC(2022, 0, 3, 12, minutes)).toISOString();
  return {
    id: `${minute}`,
    asOf: time(minute),
    targetTime: time(minute + 30),
    refPrice: toDecimal('100'),
    quantiles: QUANTILES.map(([level, value]) => ({ level, value: toDecimal(value) })),
    resolution: actual === null ? null : { actual: toDecimal(actual) },
  } as never;
}

describe('predictions beside what came', () => {
  it('lie over the time that they are about, oldest first', () => {
    const predicted = toPredicted([forecast(1, null), forecast(0, '99.5')]);
    expect(predicted.map(({ id }) => id)).toEqual(['0', '1']);
    expect(pointsOf(predicted, 'actual')).toEqual([{ x: Date.UTC(2022, 0, 3, 12, 30), y: 99.5 }]);
    expect(pointsOf(predicted, 'refPrice').map(({ y }) => y)).toEqual([100, 100]);
  });

  it('are left out without their band', () => {
    expect(toPredicted([{ ...(forecast(0, null) as object), quantiles: [] } as never])).toEqual([]);
  });

  it('leave ghosts from the issue price to the median, only so many', () => {
    const ghosts = ghostsOf(toPredicted(Array.from({ length: 20 }, (_, minute) => forecast(minute, null))), 5);
    expect(ghosts).toHaveLength(5);
    expect(ghosts[0]).toEqual([
      { x: Date.UTC(2022, 0, 3, 12, 0), y: 100 },
      { x: Date.UTC(2022, 0, 3, 12, 30), y: 101 },
    ]);
  });
});
