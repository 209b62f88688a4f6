import { addMs, MINUTE_MS, QUANTILE_LEVELS } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BarSeries } from '../features/bar.ts';
import { randomBars, withGap, withOtherFuture } from '../testing/random-bars.ts';
import { foldMinutes } from './fold-minutes.ts';
import { HINDCAST_SCHEMA } from './hindcast-schema.ts';
import { walkModel } from './walk-model.ts';
import type { WalkTask } from './walk-protocol.ts';

const { stepMs, horizons } = HINDCAST_SCHEMA;
const TRAINED_DAYS = 46;
const TRAINED_BARS = TRAINED_DAYS * 96;

const all = (bars: number, step = stepMs) => randomBars({ bars, symbols: ['BTCUSDT'], stepMs: step })[0] as BarSeries;
const whole = all(TRAINED_BARS + 96);
const training = all(TRAINED_BARS);
const closeOf = (bar: number) => addMs(whole.firstOpenTime, (bar + 1) * stepMs);
const moments = [TRAINED_BARS, TRAINED_BARS + 7, TRAINED_BARS + 40, TRAINED_BARS + 95].map(closeOf);
const task = (values: Partial<WalkTask> = {}): WalkTask => ({ model: 'har-s', training, serving: whole, moments, ...values });

describe('walkModel', () => {
  it('says of every moment a distribution of each horizon that was due, the same whenever it is asked', async () => {
    const walked = await walkModel(task());
    expect(walked.map(({ asOf }) => asOf)).toEqual(moments);
    for (const { pUps, logReturns } of walked) {
      expect([pUps.length, logReturns.length]).toEqual([horizons.length, horizons.length * QUANTILE_LEVELS.length]);
      for (const [index] of horizons.entries()) {
        const quantiles = logReturns.slice(index * QUANTILE_LEVELS.length, (index + 1) * QUANTILE_LEVELS.length);
        expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
        expect(quantiles[0]).toBeLessThan(0);
        expect(pUps[index]).toBeCloseTo(0.5, 9);
      }
    }
    expect(await walkModel(task())).toEqual(walked);
  });

  it('says the same at a moment whatever comes after it', async () => {
    const truth = await walkModel(task());
    await fc.assert(
      fc.asyncProperty(fc.nat(moments.length - 1), async (index) => {
        const bar = (moments[index] as number) - whole.firstOpenTime;
        const [serving] = withOtherFuture([whole], bar / stepMs - 1);
        const walked = await walkModel(task({ serving: serving as BarSeries }));
        expect(walked.slice(0, index + 1)).toEqual(truth.slice(0, index + 1));
      }),
      { numRuns: 4 },
    );
    // And what it says hangs on what comes before.
    const [other] = withOtherFuture([whole], TRAINED_BARS - 10);
    expect((await walkModel(task({ serving: other as BarSeries })))[0]).not.toEqual(truth[0]);
  }, 120_000);

  it('refuses a moment that does not lie after the training, and too little history', async () => {
    await expect(walkModel(task({ moments: [closeOf(TRAINED_BARS - 1)] }))).rejects.toMatchObject({ code: 'look_ahead' });
    await expect(walkModel(task({ training: all(32 * 96), serving: whole }))).rejects.toMatchObject({ code: 'history_too_short' });
  });

  it('is silent where a minute of its bar is missing', async () => {
    const [gapped] = withGap([whole], 0, [TRAINED_BARS + 7]);
    const walked = await walkModel(task({ serving: gapped as BarSeries }));
    expect(walked.map(({ asOf }) => asOf)).toEqual(moments.toSpliced(1, 1));
  });

  it('speaks at any minute, of bars that end there, and at a quarter as of quarters', async () => {
    const minutes = all((TRAINED_BARS + 96) * 15, MINUTE_MS);
    const quarters = foldMinutes(minutes, 15, 0);
    const asOf = closeOf(TRAINED_BARS + 3);
    const trained = foldMinutes(all(TRAINED_BARS * 15, MINUTE_MS), 15, 0);
    const byMinutes = { training: trained, serving: minutes };
    const between = addMs(asOf, MINUTE_MS);
    const walked = await walkModel(task({ ...byMinutes, moments: [asOf, between] }));
    expect(walked[0]).toEqual((await walkModel(task({ training: trained, serving: quarters, moments: [asOf] })))[0]);
    expect(walked.map(({ pUps }) => pUps.length)).toEqual([horizons.length, horizons.indexOf('2h') + 1]);
    const [changed] = withOtherFuture([minutes], (between - minutes.firstOpenTime) / MINUTE_MS - 1);
    expect(await walkModel(task({ ...byMinutes, serving: changed as BarSeries, moments: [asOf, between] }))).toEqual(walked);
  }, 60_000);
});
