import { createHash } from 'node:crypto';
import { AppError, type Forecast, type ForecastBatch, type ForecastWriter, QUANTILE_LEVELS } from '@candlecast/domain';
import type { Database } from './database.ts';
import { saveModel } from './models.ts';
import { appendEntries } from './sql/event-append.ts';
import { findForecastsOf, insertForecasts, insertInputs, requireClocks } from './sql/forecasts.ts';
import { findSeries } from './sql/series.ts';
import type { Session } from './sql/session.ts';

/** Returns the writer of models and forecasts. */
export function createForecastWriter({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): ForecastWriter {
  return {
    saveModel: (model) => saveModel(prisma, model),
    appendForecasts: (batches, deadlineMs) => sessions.transact((session) => append(session, batches, deadlineMs)),
  };
}

async function append(session: Session, batches: readonly ForecastBatch[], deadlineMs: number): Promise<Forecast[]> {
  const series = new Map(
    (
      await findSeries(
        session,
        batches.map((batch) => batch.instrumentId),
      )
    ).map((row) => [row.instrumentId, row]),
  );
  const inputs = batches.map(({ instrumentId, modelId, asOf, input }) => {
    const seriesId = series.get(instrumentId)?.seriesId;
    if (seriesId === undefined) throw new AppError('instrument_unknown', `instrument "${instrumentId}" is not in the database`);
    return { seriesId, modelId, asOf, input, sha256: createHash('sha256').update(input).digest('hex') };
  });
  const rows = inputs.flatMap(({ seriesId, sha256 }, index) =>
    (batches[index]?.forecasts ?? []).map((forecast) => ({ seriesId, inputHash: sha256, forecast: withAllLevels(forecast) })),
  );
  await requireClocks(
    session,
    batches.map((batch) => batch.instrumentId),
  );
  await insertInputs(session, inputs);
  const inserted = new Set(await insertForecasts(session, rows, deadlineMs));
  const stored = await findForecastsOf(session, rows);
  const news = stored.filter((forecast) => inserted.has(forecast.id));
  const newest = news.at(-1);
  if (newest) {
    const entries = news.map((forecast) => ({ topic: 'forecast.issued' as const, key: forecast.instrumentId, payload: { forecast } }));
    await appendEntries(session, newest.issuedAt, entries);
  }
  return stored;
}

/** The ledger keeps quantiles by their place in the list of levels. */
function withAllLevels(forecast: ForecastBatch['forecasts'][number]): ForecastBatch['forecasts'][number] {
  const isComplete =
    forecast.quantiles.length === QUANTILE_LEVELS.length &&
    QUANTILE_LEVELS.every((level, index) => forecast.quantiles[index]?.level === level);
  if (isComplete) return forecast;
  throw new AppError(
    'forecast_quantiles_invalid',
    `a forecast of ${forecast.instrumentId} does not carry the levels ${QUANTILE_LEVELS.join(', ')}`,
  );
}
