import { AppError, type ForecastOutcome, type ForecastScorer, type Resolution, type ResolveRequest } from '@candlecast/domain';
import type { Database } from './database.ts';
import { appendEntries } from './sql/event-append.ts';
import { closeTrades } from './sql/paper-trades.ts';
import { findVenueTime, insertScores, type ScoredRow, takeMatured } from './sql/scores.ts';
import type { Session } from './sql/session.ts';

/** Returns the scorer of forecasts. */
export function createForecastScorer({ sessions }: Pick<Database, 'sessions'>): ForecastScorer {
  return { resolveMatured: (request) => sessions.transact((session) => resolveMatured(session, request)) };
}

async function resolveMatured(session: Session, { venue, limit, score }: ResolveRequest): Promise<ForecastOutcome[]> {
  const now = await findVenueTime(session, venue);
  if (now === null) throw new AppError('venue_clock_unknown', `venue ${venue} has no clock yet`, { retryable: true });
  const rows: ScoredRow[] = (await takeMatured(session, venue, now, limit)).map(({ seriesId, forecast, actual, voidReason }) => {
    const resolution: Resolution =
      actual === null
        ? { resolvedAt: now, actual, voidReason, score: null }
        : { resolvedAt: now, actual, voidReason: null, score: score(forecast, actual) };
    return { seriesId, forecast, resolution };
  });
  if (rows.length === 0) return [];
  await insertScores(session, rows);
  await closeTrades(session, rows);
  const entries = rows.map(({ forecast, resolution }) => ({
    topic: 'forecast.resolved' as const,
    key: forecast.instrumentId,
    payload: { forecast, resolution },
  }));
  await appendEntries(session, now, entries);
  return rows.map(({ forecast, resolution }) => ({ forecast, resolution }));
}
