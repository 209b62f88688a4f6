import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAsKnown } from './as-known.ts';
import { toDecimal } from './decimal.ts';
import type { ExternalPoint } from './external.ts';
import { type EpochMs, toEpochMs } from './time.ts';

const point = (eventTime: number, knownAt: number, value: string): ExternalPoint => ({
  key: 'fear',
  eventTime: toEpochMs(eventTime),
  knownAt: toEpochMs(knownAt),
  value: toDecimal(value),
});
const times = (...values: number[]) => values.map(toEpochMs);
const values = (found: ReturnType<typeof readAsKnown>) => found.map((one) => one?.value ?? null);

describe('a series as it was known', () => {
  const points = [point(10, 15, '1'), point(20, 25, '2'), point(10, 30, '1.5'), point(30, 35, '3')];

  it('counts a value from when it was known, not from what it is about', () => {
    expect(values(readAsKnown(points, times(9, 10, 14, 15, 20, 24, 25, 34, 35, 99)))).toEqual([
      ...[null, null, null, '1', '1', '1', '2', '2', '3', '3'],
    ]);
  });

  it('takes up a revision when it is known, not before', () => {
    const revised = [point(10, 15, '1'), point(10, 30, '1.5')];
    expect(readAsKnown(revised, times(29, 30))).toEqual([point(10, 15, '1'), point(10, 30, '1.5')]);
  });

  it('draws a line between two points that are both known, and none towards one that is not', () => {
    const at = times(5, 10, 15, 20, 25, 40);
    expect(values(readAsKnown(points, at, { fill: 'LINEAR', knownAt: toEpochMs(99) }))).toEqual([
      ...[null, '1.50000000', '1.75000000', '2.00000000', '2.50000000', '3'],
    ]);
    expect(values(readAsKnown(points, at, { fill: 'LINEAR', knownAt: toEpochMs(25) }))).toEqual([
      ...[null, '1.00000000', '1.50000000', '2', '2', '2'],
    ]);
    expect(values(readAsKnown(points, at, { fill: 'LINEAR' }))).toEqual([null, null, '1', '1', '2', '3']);
    expect(values(readAsKnown([point(10, 1, '-4'), point(20, 2, '6')], times(15), { fill: 'LINEAR' }))).toEqual(['1.00000000']);
  });

  it('refuses times that go back', () => {
    expect(() => readAsKnown(points, times(20, 19))).toThrow('must not go back');
  });

  it('says the same of a time whatever becomes known after it', () => {
    const anyPoint = fc.record({ eventTime: fc.nat(60), knownAt: fc.nat(60), value: fc.integer({ min: -9, max: 9 }) });
    const toPoints = (raw: readonly { eventTime: number; knownAt: number; value: number }[]) => [
      // One version of an event time at a moment, as the store keeps them.
      ...new Map(
        raw.map(({ eventTime, knownAt, value }) => [`${eventTime} ${knownAt}`, point(eventTime, knownAt, `${value}`)] as const),
      ).values(),
    ];
    const property = (fill: 'FORWARD' | 'LINEAR') =>
      fc.property(fc.array(anyPoint, { maxLength: 30 }), fc.array(anyPoint, { maxLength: 30 }), fc.nat(60), (own, others, until) => {
        const past = toPoints(own).filter(({ knownAt }) => knownAt <= until);
        const before = [...past, ...toPoints(own).filter(({ knownAt }) => knownAt > until)];
        const changed = [...toPoints(others).filter(({ knownAt }) => knownAt > until), ...past];
        const asked = Array.from({ length: until + 1 }, (_, time) => time as EpochMs);
        expect(readAsKnown(changed, asked, { fill })).toEqual(readAsKnown(before, asked, { fill }));
        const later = asked.concat([70 as EpochMs]);
        const then = { fill, knownAt: until as EpochMs };
        expect(readAsKnown(changed, later, then)).toEqual(readAsKnown(before, later, then));
      });
    fc.assert(property('FORWARD'));
    fc.assert(property('LINEAR'));
  });
});
