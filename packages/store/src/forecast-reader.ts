import type { ForecastReader } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findModel, findModels } from './models.ts';
import { findFanRows, findForecastPage, findIssuingModels, findLatestRows } from './sql/forecast-queries.ts';
import { findForecastRow, findInputRow } from './sql/forecasts.ts';
import { findHead } from './sql/ledger.ts';
import { findPaperRows } from './sql/paper-trades.ts';
import { findResolutions } from './sql/scores.ts';
import { findTrackDays, findTrackRows } from './sql/track.ts';

/** Returns the reader of models and forecasts. */
export function createForecastReader({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): ForecastReader {
  return {
    findModels: () => findModels(prisma),
    findModel: (id) => findModel(prisma, id),
    findLatestForecasts: (ids, horizons, asOf) => findLatestRows(sessions, ids, horizons, asOf),
    findForecasts: (query) => findForecastPage(sessions, query),
    findFan: (id, modelId, at) => findFanRows(sessions, id, modelId, at),
    findIssuingModels: (venue, symbol, by) => findIssuingModels(sessions, venue, symbol, by),
    findTrackRows: (query) => findTrackRows(sessions, query),
    findTrackDays: (keys, from) => findTrackDays(sessions, keys, from),
    findLedgerHead: (venue, at) => findHead(sessions, venue, at),
    findResolutions: (forecasts) => findResolutions(sessions, forecasts),
    findPaperRows: (id, horizon) => findPaperRows(sessions, id, horizon),
    findForecast: (id) => findForecastRow(sessions, id),
    findInput: ({ instrumentId, modelId, asOf }) => findInputRow(sessions, instrumentId, modelId, asOf),
  };
}
