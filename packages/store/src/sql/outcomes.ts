import type { ForecastOutcome } from '@candlecast/domain';
import { type ForecastRow, toForecast } from './forecasts.ts';
import { type ScoreRow, toResolution } from './scores.ts';

/** Returns a forecast with what came of it, of a row that SELECT_FORECAST and SELECT_SCORE give together. */
export function toOutcome(row: ForecastRow & ScoreRow): ForecastOutcome {
  const {
    resolvedAt,
    actual,
    voidReason,
    isReference,
    logReturn,
    hit,
    band,
    absErr,
    absErrNaive,
    crps,
    crpsReference,
    brier,
    scorer,
    crpsCalibrated,
    bandCalibrated,
    ...said
  } = row;
  const score = {
    isReference,
    logReturn,
    hit,
    band,
    absErr,
    absErrNaive,
    crps,
    crpsReference,
    brier,
    scorer,
    crpsCalibrated,
    bandCalibrated,
  };
  return { forecast: toForecast(said), resolution: toResolution({ resolvedAt, actual, voidReason, ...score }) };
}
