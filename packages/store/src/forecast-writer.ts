import { createHash } from 'node:crypto';
import {
  AppError,
  type Forecast,
  type ForecastBatch,
  type ForecastWriter,
  type Model,
  QUANTILE_LEVELS,
  splitInstrumentId,
  type Venue,
} from '@candlecast/domain';
import { chainEntries } from './chain-entries.ts';
import type { Database } from './database.ts';
import { findModels, saveModel } from './models.ts';
import { pickServed } from './pick-served.ts';
import { appendEntries } from './sql/event-append.ts';
import { findForecastsOf, insertInputs, type NewForecastRow } from './sql/forecasts.ts';
import { type EntryRow, findNewRows, insertEntries, lockLedger } from './sql/ledger.ts';
import { findChampionNames, openTrades } from './sql/paper-trades.ts';
import { addDue } from './sql/scores.ts';
import { findSeries } from './sql/series.ts';
import type { Session } from './sql/session.ts';

/** Returns the writer of models and forecasts. */
export function createForecastWriter({ sessions, prisma }: Pick<Database, 'sessions' | 'prisma'>): ForecastWriter {
  const known = new Map<number, Model>();

  /** A model never changes once it is stored, so each is read once. */
  async function loadModels(batches: readonly ForecastBatch[]): Promise<ReadonlyMap<number, Model>> {
    const named = batches.flatMap(({ modelId, forecasts }) => [modelId, ...forecasts.flatMap(({ reference }) => reference?.modelId ?? [])]);
    if (named.some((id) => !known.has(id))) for (const model of await findModels(prisma)) known.set(model.id, model);
    return known;
  }

  return {
    saveModel: (model) => saveModel(prisma, model),
    async appendForecasts(batches, deadlineMs) {
      const models = await loadModels(batches);
      return sessions.transact((session) => append(session, batches, models, deadlineMs));
    },
  };
}

async function append(
  session: Session,
  batches: readonly ForecastBatch[],
  models: ReadonlyMap<number, Model>,
  deadlineMs: number,
): Promise<Forecast[]> {
  const ids = batches.map((batch) => batch.instrumentId);
  const series = new Map((await findSeries(session, ids)).map((row) => [row.instrumentId, row]));
  const inputs = batches.map(({ instrumentId, modelId, asOf, input }) => {
    const seriesId = series.get(instrumentId)?.seriesId;
    if (seriesId === undefined) throw new AppError('instrument_unknown', `instrument "${instrumentId}" is not in the database`);
    return { seriesId, modelId, asOf, input, sha256: createHash('sha256').update(input).digest('hex') };
  });
  const rows = inputs.flatMap(({ seriesId, sha256 }, index) => {
    const { codeVersion = '', forecasts = [] } = batches[index] ?? {};
    return forecasts.map((forecast) => ({ seriesId, inputHash: sha256, codeVersion, forecast: withAllLevels(forecast) }));
  });
  await insertInputs(session, inputs);
  const entries: Awaited<ReturnType<typeof appendToLedger>> = [];
  for (const venue of [...new Set(ids.map((id) => splitInstrumentId(id).venue))].sort()) {
    entries.push(...(await appendToLedger(session, venue, rows, models, deadlineMs)));
  }
  const issued = new Map(entries.map(({ payload: { forecast } }) => [keyOf(forecast), forecast]));
  // What was just chained needs no reading back.
  const others = rows.filter(({ forecast }) => !issued.has(keyOf(forecast)));
  for (const forecast of others.length > 0 ? await findForecastsOf(session, others) : []) issued.set(keyOf(forecast), forecast);
  const stored = rows.flatMap(({ forecast }) => issued.get(keyOf(forecast)) ?? []);
  const newest = entries.at(-1);
  if (newest) await appendEntries(session, newest.at, entries);
  return stored;
}

/** Chains what is new of a venue to its ledger; returns what the log is to say of it. */
async function appendToLedger(
  session: Session,
  venue: Venue,
  rows: readonly NewForecastRow[],
  models: ReadonlyMap<number, Model>,
  deadlineMs: number,
) {
  const end = await lockLedger(session, venue);
  if (!end) throw new AppError('venue_clock_unknown', `venue ${venue} has no clock yet`, { retryable: true });
  const ofVenue = rows.filter(({ forecast }) => splitInstrumentId(forecast.instrumentId).venue === venue);
  const chained = chainEntries(end, await findNewRows(session, ofVenue), models, deadlineMs);
  const newest = chained.at(-1)?.forecast;
  if (!newest) return [];
  const head = { venue, seq: newest.ledgerSeq, hash: newest.hash, at: newest.issuedAt };
  await insertEntries(session, chained, head);
  await addDue(session, chained);
  // Nobody can have followed a late one in time.
  const isTraded = ({ forecast: { timing, signal } }: EntryRow) => timing === 'ON_TIME' && signal !== null && signal.action !== 'HOLD';
  if (chained.some(isTraded))
    await openTrades(session, pickServed(chained, models, await findChampionNames(session, venue)).filter(isTraded));
  return chained.map(({ forecast }) => ({
    topic: 'forecast.issued' as const,
    key: forecast.instrumentId,
    payload: { forecast, head },
    at: forecast.issuedAt,
  }));
}

function keyOf({ instrumentId, modelId, horizon, asOf }: Pick<Forecast, 'instrumentId' | 'modelId' | 'horizon' | 'asOf'>): string {
  return `${instrumentId} ${modelId} ${horizon} ${asOf}`;
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
