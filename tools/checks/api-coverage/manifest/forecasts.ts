import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const LATEST = gateway('forecasts', 'latestForecasts > shows each forecast with its model, its input and the warning');
const WIRE = gateway(
  'contract-lines',
  'the forecast stream as it stands on the wire > has a heartbeat first, each forecast with the cursor after which the next follows, gaps, and a reset when the log begins anew',
);
const STREAM = gateway('forecasts', 'the forecast stream > shows every forecast of the horizons asked for, once, over a cut');

/** What holds forecasts. */
export const FORECAST_COVERAGE: CoverageMap = {
  'Query.latestForecasts': LATEST,
  'Query.latestForecasts(symbols)': LATEST,
  'Query.latestForecasts(horizons)': LATEST,
  'Forecast.*': LATEST,
  'Model.*': LATEST,
  'Quantile.*': LATEST,
  'Subscription.forecasts': STREAM,
  'Subscription.forecasts(symbols)': STREAM,
  'Subscription.forecasts(horizons)': STREAM,
  'Subscription.forecasts(after)': STREAM,
  'ForecastEvent.*': WIRE,
  'ForecastIssued.*': [...STREAM, ...WIRE],
};
