import type { PendingMap } from '../cover.ts';

const RECORD = 'the track record of forecasts';
const PATHS = 'forecast paths and hindcasts';
const CLOCK = 'replay with a clock';
const NOTICES = 'alerts';
const WORK = 'models, runs and jobs';

/** Lines of the contract that are not built yet. None may stay when the API is released. */
export const PENDING: PendingMap = {
  'Query.forecast': RECORD,
  'Query.forecast(*': RECORD,
  'Query.forecasts*': RECORD,
  'Query.trackRecord*': RECORD,
  'Query.signals*': RECORD,
  'Query.paperRecord*': RECORD,
  'Query.ledgerHead*': RECORD,
  'Quantile.calibrated': RECORD,
  'Forecast.baseline': RECORD,
  'Forecast.signal': RECORD,
  'Forecast.hash': RECORD,
  'Forecast.prevHash': RECORD,
  'Forecast.resolution': RECORD,
  'Forecast.skill': RECORD,
  'ForecastBaseline.*': RECORD,
  'ForecastResolution.*': RECORD,
  'ForecastEvent.ForecastResolved': RECORD,
  'Query.forecastPath*': PATHS,
  'Query.hindcasts*': PATHS,
  'R.hindcast': PATHS,
  'Query.models*': WORK,
  'Query.championHistory*': WORK,
  'Query.runs*': WORK,
  'Query.jobs': WORK,
  'Query.alerts': NOTICES,
  'Mutation.createAlert*': NOTICES,
  'Mutation.deleteAlert*': NOTICES,
  'Subscription.alertFired': NOTICES,
  'Subscription.candles(clock)': CLOCK,
  'Subscription.forecasts(clock)': CLOCK,
  'ClockInput.*': CLOCK,
  'R.replay.*': CLOCK,
  'R.shared-execution': 'shared execution',
  'R.transport.http': 'persisted documents',
  'R.edge': 'persisted documents',
};
