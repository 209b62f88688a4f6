import { type EpochMs, horizonMs, type Interval, intervalMs, SECOND_MS } from '@candlecast/domain';
import type { LinePoint } from '../charts/chart-line.ts';
import type { ForecastOutlook } from '../charts/forecast-outlook.ts';
import type { ForecastPathData, HistoryFields } from '../graphql/documents/forecasts.ts';
import { CARD_HORIZONS, type CardHorizon } from './card-horizons.ts';
import type { PlotPoint } from './line-plot-layout.ts';
import { ghostsOf, toPredicted } from './prediction-series.ts';

/** Earlier forecasts that are drawn: more would hide the candles. */
const GHOSTS = 16;
/** A ghost is at least so many candles long, where a horizon is. */
const LEAST_CANDLES = 12;

/** Returns the horizon whose earlier forecasts are drawn on a chart of that interval: the shortest that is a dozen candles long, else the longest. */
export function ghostHorizon(interval: Interval): CardHorizon {
  return CARD_HORIZONS.find((horizon) => horizonMs(horizon) >= LEAST_CANDLES * intervalMs(interval)) ?? '12h';
}

/** Returns what is drawn of earlier forecasts and of the path of the next day. */
export function toOutlook(history: readonly HistoryFields[], path: ForecastPathData | undefined): ForecastOutlook {
  return {
    ghosts: ghostsOf(toPredicted(history), GHOSTS).map((ends) => ends.map(toLinePoint)),
    path: path ? path.t.map((time, index) => ({ time: (time * SECOND_MS) as EpochMs, value: path.median[index] ?? 0 })) : [],
  };
}

function toLinePoint({ x, y }: PlotPoint): LinePoint {
  return { time: x as EpochMs, value: y };
}
