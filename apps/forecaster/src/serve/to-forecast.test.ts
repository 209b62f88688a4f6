import { type Decimal, toDecimal, toEpochMs, toInstrumentId } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SERVED_HORIZONS } from '../features/feature-schema.ts';
import { NORMAL_QUANTILES } from '../models/normal.ts';
import { dueHorizons } from './due-horizons.ts';
import { createPaceOf } from './pace-of.ts';
import { pricedAt, toForecast } from './to-forecast.ts';

const AS_OF = toEpochMs(1_640_995_200_000);
const MINUTE = 60_000;

describe('dueHorizons', () => {
  it.each([
    ['on the quarter', 0, 'EVERY_CLOSE', false, SERVED_HORIZONS],
    ['a minute later', 1, 'EVERY_CLOSE', false, ['15m', '30m', '1h', '2h']],
    ['at the next quarter', 15, 'EVERY_CLOSE', false, SERVED_HORIZONS],
    ['at the first close of all', 7, 'EVERY_CLOSE', true, SERVED_HORIZONS],
    ['on the hour of an hourly one', 60, 'HOURLY', false, SERVED_HORIZONS],
    ['on the quarter of an hourly one', 15, 'HOURLY', false, []],
    ['a minute later of an hourly one', 61, 'HOURLY', false, []],
    ['at the first close of all of an hourly one', 7, 'HOURLY', true, SERVED_HORIZONS],
  ] as const)('are right %s', (_, minutes, pace, isFirst, horizons) => {
    expect(dueHorizons(toEpochMs(AS_OF + minutes * MINUTE), pace, isFirst)).toEqual(horizons);
  });
});

describe('the pace', () => {
  it('is every close for the symbols named, of any venue, and hourly for the others', () => {
    const paceOf = createPaceOf(['BTCUSDT']);
    expect([toInstrumentId('SIM', 'BTCUSDT'), toInstrumentId('SIM', 'ETHUSDT')].map(paceOf)).toEqual(['EVERY_CLOSE', 'HOURLY']);
    expect(createPaceOf('everything')(toInstrumentId('SIM', 'ETHUSDT'))).toBe('EVERY_CLOSE');
  });
});

describe('pricedAt', () => {
  it.each([
    ['59500.00000000', 0, '59500.00000000'],
    ['59500.00000000', 0.01, '60097.98494151'],
    ['46216.93', -0.5, '28031.99'],
    ['7', 0.1, '8'],
    ['0.00001234', 0.5, '0.00002035'],
  ])('keeps the scale of %s', (refPrice, logReturn, price) => {
    expect(pricedAt(toDecimal(refPrice))(logReturn)).toBe(price);
  });

  it('never turns the order of prices around', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 ** 12 }),
        fc.double({ min: -2, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        (cents, logReturn, more) => {
          const refPrice = toDecimal((cents / 100).toFixed(2));
          const value = (price: Decimal) => Number.parseFloat(price);
          expect(value(pricedAt(refPrice)(logReturn + more))).toBeGreaterThanOrEqual(value(pricedAt(refPrice)(logReturn)));
        },
      ),
    );
  });
});

describe('toForecast', () => {
  const reference = { modelId: 1, sigma: 0.01 };
  const subject = { instrumentId: toInstrumentId('SIM', 'BTCUSDT'), modelId: 4, asOf: AS_OF, refPrice: toDecimal('100.00'), reference };
  const costs = { feeBps: 10, spreadBps: 2, spreadAt: null };
  const grid = Float64Array.from(
    SERVED_HORIZONS.flatMap((_, h) => NORMAL_QUANTILES.map((quantile) => (h === 7 ? Number.NaN : quantile * 0.01 * (h + 1)))),
  );

  it('carries the levels upwards with log returns and prices, and the target time', () => {
    const forecast = toForecast({ ...subject, costs }, '30m', grid);
    expect(forecast).toMatchObject({ ...subject, horizon: '30m', targetTime: AS_OF + 30 * MINUTE, pUp: 0.5 });
    expect(forecast?.signal).toEqual({ action: 'HOLD', rule: 1, ...costs });
    expect(forecast?.quantiles.map(({ level }) => level)).toEqual([0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975]);
    expect(forecast?.quantiles[4]).toEqual({ level: 0.5, logReturn: 0, value: '100.00' });
    expect(forecast?.quantiles[8]).toEqual({ level: 0.975, logReturn: 0.02 * 1.959963984540054, value: '104.00' });
  });

  it('has calibrated quantiles where there is a table', () => {
    const key = { instrumentId: subject.instrumentId, horizon: '30m', modelName: 'm' } as const;
    const table = { ...key, madeAt: AS_OF, forecasts: 1, days: 1, scales: [2, 2, 2, 2, 1, 1, 1, 1, 0.5] };
    expect(toForecast({ ...subject, costs }, '30m', grid)?.calibration).toBeNull();
    const said = toForecast({ ...subject, costs, table }, '30m', grid);
    expect(said?.calibration?.madeAt).toBe(AS_OF);
    expect(said?.calibration?.logReturns[0]).toBeCloseTo(-2 * 0.02 * 1.959963984540054, 12);
    // Half as far would lie within the quantile before it.
    expect(said?.calibration?.logReturns[8]).toBe(said?.calibration?.logReturns[7]);
    expect(said?.calibration?.values[0]).toBe('92.46');
    expect(said?.quantiles[0]?.value).toBe('96.16');
  });

  it('is absent where the model has none', () => {
    expect(toForecast({ ...subject, costs }, '24h', grid)).toBeUndefined();
  });
});
