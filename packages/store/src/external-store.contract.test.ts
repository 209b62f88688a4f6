import { addMs, DAY_MS, type ExternalPoint, toDecimal } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createExternalReader, createExternalWriter } from './external-store.ts';
import { MONDAY, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const day = (count: number) => addMs(MONDAY, count * DAY_MS);
const point = (event: number, known: number, value: string): ExternalPoint => ({
  key: 'fear',
  eventTime: day(event),
  knownAt: day(known),
  value: toDecimal(value),
});

describe('series from outside', () => {
  it('give of each time the newest version known by then, in pages from either end', async () => {
    const [writer, reader] = [createExternalWriter(store.db), createExternalReader(store.db)];
    const points = [point(0, 1, '10.50'), point(0, 3, '11.00'), point(1, 2, '20'), point(2, 3, '30.0'), point(2, 9, '31')];
    expect(await writer.storePoints(points)).toBe(5);
    expect(await writer.storePoints([...points, point(3, 4, '0.1')])).toBe(1);
    const all = { key: 'fear', range: { from: day(0), to: day(9) }, limit: 10, take: 'oldest' } as const;
    expect(await reader.findPoints({ ...all, knownAt: day(9) })).toEqual([points[1], points[2], points[4], point(3, 4, '0.1')]);
    expect(await reader.findPoints({ ...all, knownAt: day(2) })).toEqual([points[0], points[2]]);
    expect(await reader.findPoints({ ...all, knownAt: day(0) })).toEqual([]);
    expect(await reader.findPoints({ ...all, knownAt: day(8), limit: 2, take: 'newest' })).toEqual([points[3], point(3, 4, '0.1')]);
    expect(await reader.findPoints({ ...all, range: { from: day(1), to: day(2) }, knownAt: day(9) })).toEqual([points[2]]);
    expect(await reader.findPoints({ ...all, key: 'greed', knownAt: day(9) })).toEqual([]);
    expect([await reader.hasSeries('fear'), await reader.hasSeries('greed')]).toEqual([true, false]);
    expect(await writer.storePoints([])).toBe(0);
  });

  it('give every version that a chart of a range can be made of', async () => {
    const [writer, reader] = [createExternalWriter(store.db), createExternalReader(store.db)];
    const of = (event: number, known: number, value: string) => ({ ...point(event, known, value), key: 'gold' });
    const points = [
      of(0, 1, '1'),
      of(1, 2, '2'),
      of(1, 6, '2.5'),
      of(3, 3, '3'),
      of(4, 5, '4'),
      of(4, 9, '4.5'),
      of(7, 8, '7'),
      of(9, 9, '9'),
    ];
    await writer.storePoints(points);
    const find = (from: number, to: number, knownBy: number, limit = 100) =>
      reader.findVersions({ key: 'gold', range: { from: day(from), to: day(to) }, knownBy: day(knownBy), limit });
    // The last point before that was known at the beginning, and the first one after the end.
    expect(await find(2, 5, 10)).toEqual(points.slice(1, 7));
    expect(await find(2, 5, 5)).toEqual([points[1], points[3], points[4]]);
    expect(await find(0, 0, 10)).toEqual([points[0]]);
    expect(await find(2, 5, 10, 2)).toEqual(points.slice(1, 3));
    expect(await find(9.5, 12, 12)).toEqual([points[7]]);
    expect(await reader.findVersions({ key: 'none', range: { from: day(0), to: day(9) }, knownBy: day(9), limit: 9 })).toEqual([]);
  });
});
