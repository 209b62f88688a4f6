import {
  addMs,
  type EpochMs,
  type ForecastBatch,
  type ForecastReference,
  type Horizon,
  horizonMs,
  type InstrumentId,
  QUANTILE_LEVELS,
  type Score,
  toDecimal,
} from '@candlecast/domain';

/** A batch that says the same of every horizon, from an input of two floats. */
export function aForecastBatch(
  instrumentId: InstrumentId,
  modelId: number,
  asOf: EpochMs,
  values: {
    readonly horizons?: readonly Horizon[];
    readonly input?: readonly number[];
    readonly reference?: ForecastReference | null;
  } = {},
): ForecastBatch {
  const { horizons = ['1h'], input = [1.5, -2.25], reference = null } = values;
  return {
    instrumentId,
    modelId,
    asOf,
    input: new Uint8Array(Float32Array.from(input).buffer),
    codeVersion: 'test 1',
    forecasts: horizons.map((horizon) => ({
      instrumentId,
      modelId,
      horizon,
      asOf,
      targetTime: addMs(asOf, horizonMs(horizon)),
      refPrice: toDecimal('46250.10'),
      pUp: 0.1 + 0.2,
      reference,
      quantiles: QUANTILE_LEVELS.map((level, index) => ({ level, logReturn: (index - 4) / 3_000, value: toDecimal(`4625${index}.10`) })),
    })),
  };
}

/** A score, whatever the forecast. */
export const A_SCORE: Score = {
  isReference: false,
  logReturn: 0.1 + 0.2,
  hit: true,
  band: 80,
  absErr: toDecimal('1.10'),
  absErrNaive: toDecimal('2.20'),
  crps: 0.3,
  crpsReference: 0.4,
  brier: 0.16,
  crpsCalibrated: null,
  bandCalibrated: null,
  scorer: 1,
};
