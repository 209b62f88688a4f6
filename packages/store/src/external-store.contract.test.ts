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
});
