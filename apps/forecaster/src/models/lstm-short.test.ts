import { join } from 'node:path';
import { readCandleFile } from '@candlecast/candle-files';
import { MINUTE_MS, parseIso } from '@candlecast/domain';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { createMinuteBuffer, type MinuteSeries } from '../features/minute-series.ts';
import { randomWalk, seriesOf } from '../testing/random-walk.ts';
import type { TrainingProgress } from './estimator.ts';
import { lstmShort } from './lstm-short.ts';

const MINUTES = 14 * 1_440;
const reason = hasTestData() ? '' : ' (skipped: TEST_DATA_DIR is not there)';

describe('lstmShort', { timeout: 240_000 }, () => {
  it('is made of the seed and of the history up to trainedThrough, and of nothing else', async () => {
    const walk = randomWalk({ minutes: MINUTES, seed: 41 });
    const whole = await lstmShort.train([seriesOf(walk)], 1, () => undefined);
    const known = walk.filter(({ openTime }) => openTime + MINUTE_MS <= whole.trainedThrough);
    const again = await lstmShort.train([seriesOf(known)], 1, () => undefined);
    const other = await lstmShort.train([seriesOf(known)], 2, () => undefined);
    expect(known.length).toBeGreaterThan(MINUTES - 30);
    expect(whole.trainedFrom).toBeLessThan(whole.trainedThrough);
    expect(Buffer.from(again.file).equals(whole.file)).toBe(true);
    expect(Buffer.from(other.file).equals(whole.file)).toBe(false);
  });

  it.skipIf(!hasTestData())(`is at worst the baseline on the validation windows of recorded candles${reason}`, async () => {
    const histories = [await recordedSeries('ETHUSDT'), await recordedSeries('SOLUSDT')];
    const seen: TrainingProgress[] = [];
    const { card } = await lstmShort.train(histories, 1, (progress) => seen.push(progress));
    const { baseline, validation } = card.loss as { baseline: number; validation: number };
    expect(baseline).toBeGreaterThan(0.1);
    expect(validation).toBeLessThanOrEqual(baseline);
    expect(seen.length).toBeGreaterThanOrEqual(3);
    expect(Math.min(baseline, ...seen.map(({ validationLoss }) => validationLoss))).toBe(validation);
    expect((card.parity as { largestDifference: number }).largestDifference).toBeLessThanOrEqual(1e-5);
    // The card speaks of losses and never of skill: nothing here was evaluated.
    expect(card.evaluation).toContain('none');
  });
});

/** Thirty recorded days of 2021. */
async function recordedSeries(symbol: string): Promise<MinuteSeries> {
  const buffer = createMinuteBuffer(30 * 1_440);
  const to = parseIso('2021-06-15T12:00:00Z') ?? 0;
  for await (const row of readCandleFile(join(testDataDir(), 'klines', `${symbol}-1m-2021-05_2021-06.csv.gz`)))
    if (row.kind === 'candle' && row.candle.openTime < to) buffer.put(row.candle);
  return buffer.series();
}
