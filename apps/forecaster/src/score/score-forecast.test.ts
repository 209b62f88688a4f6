import { type Forecast, QUANTILE_LEVELS, toDecimal, toEpochMs, toInstrumentId } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NORMAL_QUANTILES } from '../models/normal.ts';
import { scoreForecast, toCrps } from './score-forecast.ts';

/** Quantiles of the price: 96 97 98 99 100 101 102 103 104; the reference has a sigma of 1 %. */
function aForecast(values: Partial<Forecast> = {}): Forecast {
  return {
    id: 'a',
    instrumentId: toInstrumentId('SIM', 'BTCUSDT'),
    modelId: 2,
    horizon: '1h',
    asOf: toEpochMs(0),
    targetTime: toEpochMs(3_600_000),
    issuedAt: toEpochMs(5),
    timing: 'ON_TIME',
    refPrice: toDecimal('100.00'),
    pUp: 0.6,
    quantiles: QUANTILE_LEVELS.map((level, index) => ({
      level,
      logReturn: Math.log((96 + index) / 100),
      value: toDecimal(`${96 + index}.00`),
    })),
    inputHash: 'x',
    reference: { modelId: 1, sigma: 0.01 },
    codeVersion: 'test',
    signal: null,
    calibration: null,
    ledgerSeq: 1,
    prevHash: '0',
    hash: '1',
    ...values,
  };
}

describe('scoreForecast', () => {
  it.each([
    ['100.00', 50, null],
    ['101.00', 50, true],
    ['98.99', 80, false],
    ['102.01', 90, true],
    ['103.01', 95, true],
    ['95.99', 100, false],
  ])('of a price of %s the narrowest band is %i', (actual, band, hit) => {
    expect(scoreForecast(aForecast(), toDecimal(actual))).toMatchObject({ band, hit, isReference: false, scorer: 1 });
  });

  it('measures the errors of the median and of the last price, and the square of what was missed of the direction', () => {
    const up = aForecast({ refPrice: toDecimal('99.50') });
    const score = scoreForecast(up, toDecimal('101.25'));
    expect(score).toMatchObject({ absErr: '1.25', absErrNaive: '1.75' });
    expect(score.brier).toBeCloseTo(0.16, 12);
    expect(scoreForecast(up, toDecimal('99.25')).brier).toBeCloseTo(0.36, 12);
    expect(scoreForecast(up, toDecimal('99.5')).brier).toBeNull();
    expect(scoreForecast(aForecast({ pUp: 0.5 }), toDecimal('101')).hit).toBeNull();
  });

  it('scores a late one as its reference', () => {
    const score = scoreForecast(aForecast({ timing: 'LATE' }), toDecimal('101.50'));
    expect(score).toMatchObject({ isReference: true, hit: null, band: 90, absErr: '1.50', absErrNaive: '1.50', brier: 0.25 });
    expect(score.crps).toBe(score.crpsReference);
    expect(scoreForecast(aForecast({ timing: 'LATE', reference: null }), toDecimal('101'))).toMatchObject({ crps: null, band: null });
  });

  it('gives the reference itself a skill of exactly nothing', () => {
    const quantiles = NORMAL_QUANTILES.map((z, index) => ({
      level: QUANTILE_LEVELS[index] ?? 0,
      logReturn: z * 0.01,
      value: toDecimal('1'),
    }));
    const score = scoreForecast(aForecast({ quantiles }), toDecimal('100.70'));
    expect(score.crps).toBe(score.crpsReference);
  });
});

describe('toCrps', () => {
  it('is near the known CRPS of the normal distribution', () => {
    // Gneiting and Raftery 2007, equation 21: at the mean (sqrt(2) - 1) / sqrt(pi). Nine levels see less of it.
    expect(toCrps(NORMAL_QUANTILES, 0)).toBeCloseTo((Math.SQRT2 - 1) / Math.sqrt(Math.PI), 1);
  });

  it('is a distance for a forecast without spread, and never negative', () => {
    const point = QUANTILE_LEVELS.map(() => 0.3);
    expect(toCrps(point, 0.5)).toBeCloseTo(0.2, 12);
    expect(toCrps(point, 0.1)).toBeCloseTo(0.2, 12);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        (quantiles, realised) => {
          expect(toCrps(quantiles, realised)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});

describe('the score of calibrated quantiles', () => {
  const calibration = {
    logReturns: QUANTILE_LEVELS.map((_, index) => Math.log((92 + 2 * index) / 100)),
    values: QUANTILE_LEVELS.map((_, index) => toDecimal(`${92 + 2 * index}.00`)),
    madeAt: toEpochMs(0),
  };

  it('stands beside that of the raw ones, by the same rules', () => {
    const score = scoreForecast(aForecast({ calibration }), toDecimal('103.00'));
    const raw = scoreForecast(aForecast(), toDecimal('103.00'));
    expect({ ...score, crpsCalibrated: null, bandCalibrated: null }).toEqual(raw);
    expect([score.band, score.bandCalibrated]).toEqual([90, 80]);
    expect(score.crpsCalibrated).toBe(toCrps(calibration.logReturns, score.logReturn));
  });

  it('is none of a late one', () => {
    expect(scoreForecast(aForecast({ calibration, timing: 'LATE' }), toDecimal('103.00'))).toMatchObject({
      crpsCalibrated: null,
      bandCalibrated: null,
    });
  });
});
