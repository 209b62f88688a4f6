import { addMs, DAY_MS, type EpochMs, type HindcastModel, type InstrumentId, type NewHindcast, toDecimal } from '@candlecast/domain';
import { MONDAY } from './test-store.ts';

/** A model of four horizons that was trained on the week before MONDAY, less its last minute. */
export function aHindcastModel(instrumentId: InstrumentId, values: Partial<HindcastModel> = {}): Omit<HindcastModel, 'id'> {
  return {
    instrumentId,
    name: 'har-s',
    trainedFrom: addMs(MONDAY, -7 * DAY_MS),
    trainedThrough: addMs(MONDAY, -60_000),
    dataHash: 'ab'.repeat(32),
    featureSchema: 2,
    horizons: ['15m', '1h', '4h', '24h'],
    codeVersion: 'test 1',
    madeAt: addMs(MONDAY, 7 * DAY_MS),
    ...values,
  };
}

/** A hindcast of the first `horizons` horizons, the wider the later; all floats are ones that four bytes hold. */
export function aHindcast(asOf: EpochMs, horizons = 4, refPrice = '46250.10'): NewHindcast {
  return {
    asOf,
    refPrice: toDecimal(refPrice),
    pUps: Array.from({ length: horizons }, (_, horizon) => 0.5 + horizon / 64),
    logReturns: Array.from({ length: 9 * horizons }, (_, place) => (((place % 9) - 4) * (1 + Math.floor(place / 9))) / 1_024),
  };
}
