import { addMs, DAY_MS, type EpochMs, type ExternalPoint, HOUR_MS, toDecimal } from '@candlecast/domain';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asOfRow, buildDataSet } from '../dataset/data-set.ts';
import { loadExternal } from '../dataset/load-external.ts';
import { ablationNames } from '../evaluate/find-model.ts';
import { createRandom } from '../models/random.ts';
import { randomBars } from '../testing/random-bars.ts';
import { barSchema, columnsOfGroup, contextColumns } from './bar-schema.ts';
import { type ExternalFeature, externalColumns, toExternalRows } from './external-features.ts';

const FEATURES: readonly ExternalFeature[] = [
  { key: 'fear', shape: 'LEVEL' },
  { key: 'hashrate', shape: 'GROWTH' },
];
const BARS = 900;
const bars = randomBars({ bars: BARS });
const plain = barSchema('1h');
const schema = { ...plain, external: FEATURES };
const START = bars[0]?.firstOpenTime as EpochMs;

/** Daily values that are known an hour after their day has begun, some of them revised two days later. */
function points(key: string, seed: number, isAfter: (known: EpochMs) => boolean = () => false): ExternalPoint[] {
  const random = createRandom(seed);
  const other = createRandom(seed + 1_000);
  return Array.from({ length: 60 }, (_, day) => addMs(START, (day - 15) * DAY_MS)).flatMap((eventTime, day) =>
    (day % 3 === 0 ? [HOUR_MS, 2 * DAY_MS] : [HOUR_MS]).map((delayMs) => {
      const knownAt = addMs(eventTime, delayMs);
      const [own, changed] = [random.normal(), other.normal()];
      const value = toDecimal((50 + 10 * (isAfter(knownAt) ? changed : own)).toFixed(2));
      return { key, eventTime, knownAt, value };
    }),
  );
}
const told = (isAfter?: (known: EpochMs) => boolean) =>
  buildDataSet(bars, schema, new Map(FEATURES.map(({ key }, index) => [key, points(key, index, isAfter)])));

describe('features of series from outside', () => {
  it('tell a level and its change of a week, a growth of a day and of a week, each as it was known at the close', () => {
    const at = (day: number, hours = 0) => addMs(START, day * DAY_MS + hours * HOUR_MS);
    const point = (key: string, day: number, value: string): ExternalPoint => ({
      key,
      eventTime: at(day),
      knownAt: at(day, 1),
      value: toDecimal(value),
    });
    const given = new Map([
      ['fear', [point('fear', 0, '30'), point('fear', 7, '42')]],
      ['hashrate', [point('hashrate', 0, '100'), point('hashrate', 6, '0'), point('hashrate', 7, '200')]],
    ]);
    expect(externalColumns(FEATURES)).toEqual([
      ...['external.fear', 'external.fear.change7d', 'external.hashrate.growth1d', 'external.hashrate.growth7d'],
    ]);
    const rows = (...closes: EpochMs[]) => [...toExternalRows(FEATURES, given, closes)];
    expect(rows(at(0, 0.5))).toEqual([NaN, NaN, NaN, NaN]);
    expect(rows(at(0, 1))).toEqual([30, NaN, NaN, NaN]);
    expect(rows(at(7, 0.5))).toEqual([30, NaN, NaN, NaN]);
    expect(rows(at(7, 1))).toEqual([42, 12, NaN, Math.fround(Math.log(2))]);
    expect(rows(at(8, 1))).toEqual([42, 12, 0, Math.fround(Math.log(2))]);
  });

  it('show no close anything that became known later (leak canary)', () => {
    const whole = told();
    const width = contextColumns(schema).length;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: BARS - 1 }), (bar) => {
        const close = asOfRow(whole, bar);
        const changed = told((knownAt) => knownAt > close);
        for (const s of [0, 1]) {
          const [from, to] = [s * BARS * width, (s * BARS + bar + 1) * width];
          expect(changed.context.slice(from, to)).toEqual(whole.context.slice(from, to));
        }
      }),
      { numRuns: 6 },
    );
    const close = asOfRow(whole, 500);
    expect(told((knownAt) => knownAt >= addMs(close, -DAY_MS)).context.slice(0, 501 * width)).not.toEqual(
      whole.context.slice(0, 501 * width),
    );
  });

  it('are one more group after the others, and nothing changes without them', () => {
    const [whole, without] = [told(), buildDataSet(bars, plain)];
    const [width, before] = [contextColumns(schema).length, contextColumns(plain).length];
    expect(contextColumns(schema).slice(0, before)).toEqual(contextColumns(plain));
    for (const row of [0, 850, BARS + 850])
      expect(whole.context.slice(row * width, row * width + before)).toEqual(without.context.slice(row * before, (row + 1) * before));
    expect(whole.context.slice(850 * width + before, 851 * width)).toEqual(
      whole.context.slice((BARS + 850) * width + before, (BARS + 851) * width),
    );
  });

  it('are left out together and one by one, to tell what each is worth', () => {
    const before = contextColumns(plain).length;
    expect(columnsOfGroup(schema, 'external')).toEqual([before, before + 1, before + 2, before + 3]);
    expect(columnsOfGroup(schema, 'external.hashrate')).toEqual([before + 2, before + 3]);
    const added = ['external', 'external.fear', 'external.hashrate'].map((group) => `linear-quantile-without-${group}`);
    expect(ablationNames(schema)).toEqual([...ablationNames(plain), ...added]);
  });

  it.skipIf(!hasTestData())('come from the recorded files, every one of them known over the years that are judged', async () => {
    const { features, points: found, files } = await loadExternal(`${testDataDir()}/external`);
    expect([features.length, found.size, files.length]).toEqual([9, 9, 7]);
    const closes = Array.from({ length: 365 }, (_, day) => (Date.UTC(2022, 6, 1) + day * DAY_MS) as EpochMs);
    const rows = toExternalRows(features, found, closes);
    expect(rows).toHaveLength(365 * 18);
    expect(rows.every((value) => Number.isFinite(value))).toBe(true);
  });
});
