import type { CoverageMap } from '../cover.ts';
import { gateway } from './gateway.ts';

const PAGES = gateway(
  'hindcasts',
  'hindcasts > come in the order of asOf and horizon, page by page, in the range and of the horizon asked for',
);
const LABELLED = gateway(
  'hindcasts',
  'hindcasts > are labelled, told with a model that was trained before them, and stand in no ledger, unscored',
);
const REFUSED = gateway('hindcasts', 'hindcasts > refuse what is not asked well');
const APART = gateway('hindcasts', 'hindcasts > leave ledger, skill, track record, models and what is shown as they were');
const PATH = gateway('hindcasts', 'forecastPath in the past > is as issued then, else a hindcast, and neither where there is none');
const REPLAYED = gateway(
  'hindcasts',
  'a replay over moments at which nothing was issued > serves hindcasts there, labelled, at their asOf, and what was issued everywhere else',
  'a replay over moments at which nothing was issued > goes on behind the cursor of a hindcast',
);
const STORED = [
  'are refused by the database where the training of their model does not lie before them',
  'are played where nothing was issued, and leave no trace in ledger, scores or log',
].map((title) => `packages/store/src/hindcasts.contract.test.ts > hindcasts > ${title}`);
const BLIND = ['apps/forecaster/src/hindcast/walk-model.test.ts > walkModel > says the same at a moment whatever comes after it'];

/** What holds hindcasts. */
export const HINDCAST_COVERAGE: CoverageMap = {
  'Query.hindcasts*': [...PAGES, ...REFUSED],
  'Forecast.kind': [...LABELLED, ...REPLAYED],
  'ForecastPath.kind': PATH,
  'R.hindcast': [...LABELLED, ...APART, ...PATH, ...REPLAYED, ...STORED, ...BLIND],
};
