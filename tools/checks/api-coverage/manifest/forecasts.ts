import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const LATEST = gateway('forecasts', 'latestForecasts > shows each forecast with its model, its input and the warning');
const WIRE = gateway(
  'contract-lines',
  'the forecast stream as it stands on the wire > has a heartbeat first, each forecast with the cursor after which the next follows, gaps, and a reset when the log begins anew',
);
const STREAM = gateway('forecasts', 'the forecast stream > shows every forecast of the horizons asked for, once, over a cut');

const PAGES = gateway('forecast-pages', 'forecasts > come in order, page by page, from either end, without hole or repeat');
const CHOICE = gateway('forecast-pages', 'forecasts > are those of a horizon, a model and a time of issue');
const THEN = gateway('forecast-pages', 'forecasts > carry what came of them, and from the past nothing that was known or happened later');
const WHOLE = gateway('forecast-pages', 'forecasts > are whole: baseline, ledger, resolution and skill');
const LATEST_THEN = gateway('forecast-pages', 'latestForecasts > shows what was the latest then, without what came of it later');
const RECORD = gateway(
  'track-record',
  'trackRecord > counts every forecast of the model that is shown first: in time, late, missing, waiting',
);
const RECORD_ALL = gateway(
  'track-record',
  'trackRecord > says of every instrument together what it says of one that is alone, and of another model its own',
);
const RECORD_THEN = gateway('track-record', 'trackRecord > stands as it stood then');
const PATH = gateway('track-record', 'forecastPath > goes through the served forecasts, minute by minute, and its bands do not cross');
const JOINT = gateway('track-record', 'jointBands > widen the outermost band by what had been measured by then, and are null without that');
const MODELS = gateway('track-record', 'models and the ledger > lists who has issued, in the order in which they are shown');
const HEAD = gateway('track-record', 'models and the ledger > tells the head of the chain, now and then');
const RESOLVED = gateway(
  'forecasts',
  'the forecast stream > carries the head of the ledger with ForecastIssued and what came of it with ForecastResolved, live and after a cursor',
);
const CALIBRATED = gateway(
  'calibrated-quantiles',
  'calibrated quantiles > stand beside the raw ones and are scored beside them, and are null where too little had matured',
);

/** What holds forecasts. */
export const FORECAST_COVERAGE: CoverageMap = {
  'Query.latestForecasts': LATEST,
  'Query.latestForecasts(symbols)': LATEST,
  'Query.latestForecasts(horizons)': LATEST,
  'Query.latestForecasts(asOf)': LATEST_THEN,
  'Query.forecast': WHOLE,
  'Query.forecast(id)': WHOLE,
  'Query.forecasts': PAGES,
  'Query.forecasts(symbol)': PAGES,
  'Query.forecasts(first)': PAGES,
  'Query.forecasts(after)': PAGES,
  'Query.forecasts(last)': PAGES,
  'Query.forecasts(before)': PAGES,
  'Query.forecasts(modelId)': CHOICE,
  'Query.forecasts(horizon)': CHOICE,
  'Query.forecasts(issuedFrom)': CHOICE,
  'Query.forecasts(issuedTo)': CHOICE,
  'Query.forecasts(asOf)': THEN,
  'Query.trackRecord': RECORD,
  'Query.trackRecord(symbol)': RECORD,
  'Query.trackRecord(window)': RECORD,
  'Query.trackRecord(modelId)': RECORD_ALL,
  'Query.trackRecord(horizon)': RECORD_ALL,
  'Query.trackRecord(asOf)': RECORD_THEN,
  'TrackRecord.*': RECORD,
  'HorizonRecord.*': RECORD,
  'Coverage.*': RECORD,
  'Estimate.*': RECORD,
  'Skill.*': WHOLE,
  'Query.forecastPath*': PATH,
  'ForecastPath.*': PATH,
  'ForecastPath.jointBands': JOINT,
  'PathBand.*': PATH,
  'Query.models*': MODELS,
  'Query.ledgerHead*': HEAD,
  'LedgerHead.*': HEAD,
  'ForecastBaseline.*': WHOLE,
  'ForecastResolution.inBand(calibrated)': CALIBRATED,
  'ForecastResolution.crpsCalibrated': CALIBRATED,
  'ForecastResolution.*': WHOLE,
  'ForecastResolved.*': RESOLVED,
  'Forecast.calibratedAt': CALIBRATED,
  'Forecast.*': [...LATEST, ...WHOLE],
  'Model.*': LATEST,
  'Quantile.calibrated': CALIBRATED,
  'Quantile.*': LATEST,
  'Subscription.forecasts': STREAM,
  'Subscription.forecasts(symbols)': STREAM,
  'Subscription.forecasts(horizons)': STREAM,
  'Subscription.forecasts(after)': STREAM,
  'ForecastEvent.ForecastIssued': WIRE,
  'ForecastEvent.Stream*': WIRE,
  'ForecastConnection.*': PAGES,
  'ForecastEdge.*': PAGES,
  'ModelConnection.*': MODELS,
  'ModelEdge.*': MODELS,
  'ForecastEvent.ForecastResolved': RESOLVED,
  'ForecastIssued.*': [...STREAM, ...WIRE, ...RESOLVED],
};
