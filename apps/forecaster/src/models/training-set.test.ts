import { MINUTE_MS, toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { FEATURES, HORIZON_MINUTES } from '../features/feature-schema.ts';
import { HISTORY_MINUTES } from '../features/sigma.ts';
import { LOOKBACK_MINUTES } from '../features/to-window.ts';
import { randomWalk, seriesOf, WALK_START } from '../testing/random-walk.ts';
import { fitScaler } from './scaler.ts';
import { buildTrainingSet, type WindowSet } from './training-set.ts';

const DAY = 1_440;
const LONGEST = Math.max(...HORIZON_MINUTES) * MINUTE_MS;
const walk = randomWalk({ minutes: 16 * DAY, seed: 11 });
const set = buildTrainingSet([seriesOf(walk)], 29);

const first = (windows: WindowSet) => Math.min(...windows.asOf);
const last = (windows: WindowSet) => Math.max(...windows.asOf);
const scalerOf = (candles: typeof walk) => fitScaler(buildTrainingSet([seriesOf(candles)], 29).training.windows, FEATURES.length);

describe('buildTrainingSet', () => {
  it('lets no window cross the cutoff: outcomes before it, lookbacks after it', () => {
    expect(last(set.training) + LONGEST).toBeLessThanOrEqual(set.cutoff);
    expect(first(set.validation) - LOOKBACK_MINUTES * MINUTE_MS).toBeGreaterThanOrEqual(set.cutoff);
    expect(first(set.validation) - last(set.training)).toBeGreaterThan(LONGEST);
  });

  it('begins where the history suffices and ends where the last outcome is known', () => {
    expect(first(set.training)).toBeGreaterThanOrEqual(WALK_START + HISTORY_MINUTES * MINUTE_MS);
    expect(last(set.validation) + LONGEST).toBeLessThanOrEqual(WALK_START + walk.length * MINUTE_MS);
    expect(set.training.size).toBeGreaterThan(300);
    expect(set.validation.size).toBeGreaterThan(64);
  });

  it('falls on every minute of the hour', () => {
    expect(new Set([...set.training.asOf].map((asOf) => (asOf / MINUTE_MS) % 60)).size).toBe(60);
  });

  it('takes log return ÷ sigma as the target', () => {
    const end = ((set.training.asOf[0] ?? 0) - WALK_START) / MINUTE_MS - 1;
    const close = (row: number) => Number.parseFloat(walk[row]?.close ?? '');
    const expected = HORIZON_MINUTES.map((minutes, h) => Math.log(close(end + minutes) / close(end)) / (set.training.sigmas[h] ?? 0));
    for (const [h, target] of expected.entries()) expect(set.training.targets[h]).toBeCloseTo(target, 4);
  });

  it('leaves out every window that spans a gap, in its history or before its outcome', () => {
    const gap = 10 * DAY;
    const gapAt = WALK_START + gap * MINUTE_MS;
    const others = buildTrainingSet([seriesOf(walk.toSpliced(gap, 1)), seriesOf(walk)], 29);
    const own = buildTrainingSet([seriesOf(walk)], 29);
    const spans = (asOf: number) => asOf - HISTORY_MINUTES * MINUTE_MS <= gapAt && gapAt < asOf + LONGEST;
    const inWhole = [...own.training.asOf, ...own.validation.asOf];
    const inBoth = [...others.training.asOf, ...others.validation.asOf];
    const whole = inWhole.filter(spans).length;
    expect(whole).toBeGreaterThan(0);
    expect(inBoth.filter(spans).length).toBe(whole);
    expect(inBoth.filter((asOf) => !spans(asOf)).length).toBe(2 * inWhole.filter((asOf) => !spans(asOf)).length);
  });

  it('refuses a history that is too short, with the counts', () => {
    expect(() => buildTrainingSet([seriesOf(walk.slice(0, 7 * DAY))], 29)).toThrow(/windows to train and \d+ to validate/);
    expect(() => buildTrainingSet([], 29)).toThrow('0 windows');
  });
});

describe('the scaler', () => {
  it('is the same whatever happens after the cutoff', () => {
    const cutoffRow = (set.cutoff - WALK_START) / MINUTE_MS;
    const price = toDecimal('1.00');
    const wild = walk.map((candle, row) => (row < cutoffRow ? candle : { ...candle, high: price, low: price, close: price }));
    expect(scalerOf(wild)).toEqual(scalerOf(walk));
  });

  it('changes with what happens before', () => {
    const loud = walk.map((candle, row) => (row % 5 === 0 ? { ...candle, baseVolume: toDecimal('9000') } : candle));
    expect(scalerOf(loud)).not.toEqual(scalerOf(walk));
  });
});
