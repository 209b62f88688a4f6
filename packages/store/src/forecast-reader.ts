import type { ForecastReader } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findModel, findModels } from './models.ts';
import { findForecastRow, findInputRow, findLatestRows } from './sql/forecasts.ts';
import { findHead } from './sql/ledger.ts';
import { findResolutions } from './sql/scores.ts';

/** Returns the reader of models and forecasts. */
export function createForecastReader({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): ForecastReader {
  return {
    findModels: () => findModels(prisma),
    findModel: (id) => findModel(prisma, id),
    findLatestForecasts: (ids, horizons) => findLatestRows(sessions, ids, horizons),
    findLedgerHead: (venue, at) => findHead(sessions, venue, at),
    findResolutions: (forecasts) => findResolutions(sessions, forecasts),
    findForecast: (id) => findForecastRow(sessions, id),
    findInput: ({ instrumentId, modelId, asOf }) => findInputRow(sessions, instrumentId, modelId, asOf),
  };
}
