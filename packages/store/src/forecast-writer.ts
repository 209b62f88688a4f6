import { hash } from 'node:crypto';
import {
  AppError,
  type Forecast,
  type ForecastBatch,
  type ForecastWriter,
  type LedgerHead,
  type Model,
  QUANTILE_LEVELS,
  splitInstrumentId,
  type Venue,
} from '@candlecast/domain';
import { chainEntries } from './chain-entries.ts';
import type { Database } from './database.ts';
import { findModels, saveModel } from './models.ts';
import { pickServed } from './pick-served.ts';
import { appendMany, type WrittenEntry } from './sql/event-append.ts';
import { findForecastsOf, insertInputs, type NewForecastRow } from './sql/forecasts.ts';
import { type EntryRow, findNewRows, insertEntries, insertHead, type LedgerEnd, lockLedger } from './sql/ledger.ts';
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
    return { seriesId, modelId, asOf, input, sha256: hash('sha256', input) };
  });
  const rows = inputs.flatMap(({ seriesId, sha256 }, index) => {
    const { codeVersion = '', forecasts = [] } = batches[index] ?? {};
    return forecasts.map((forecast) => ({ seriesId, inputHash: sha256, codeVersion, forecast: withAllLevels(forecast) }));
  });
  // An input is stored in the transaction of its forecasts: where it was not there before, they were not.
  const areNew = (await insertInputs(session, inputs)) === inputs.length;
  const chained: Forecast[] = [];
  const heads: LedgerHead[] = [];
  for (const venue of [...new Set(ids.map((id) => splitInstrumentId(id).venue))].sort()) {
    const ofVenue = onceEach(rows.filter(({ forecast }) => splitInstrumentId(forecast.instrumentId).venue === venue));
    const added = await appendToLedger(session, venue, { rows: ofVenue, areNew }, models, deadlineMs);
    for (const forecast of added.forecasts) chained.push(forecast);
    if (added.head) heads.push(added.head);
  }
  // What was just chained needs no reading back.
  const isChained = new Set(chained.length < rows.length ? chained.map(keyOf) : []);
  const others = chained.length < rows.length ? rows.filter(({ forecast }) => !isChained.has(keyOf(forecast))) : [];
  const stored = others.length > 0 ? await findForecastsOf(session, others) : [];
  const newest = chained.at(-1);
  if (newest) await appendMany(session, newest.issuedAt, chained.length, toEvents(chained, heads));
  return stored.length > 0 ? [...chained, ...stored] : chained;
}

/** What the log says of entries of venues whose ledgers ended in `heads`. */
function* toEvents(chained: readonly Forecast[], heads: readonly LedgerHead[]): Iterable<WrittenEntry> {
  const texts = new Map(heads.map((head) => [head.venue, JSON.stringify(head)]));
  for (const forecast of chained) {
    const head = texts.get(splitInstrumentId(forecast.instrumentId).venue);
    // A ForecastIssuedPayload.
    yield { topic: 'forecast.issued', key: forecast.instrumentId, payload: `{"forecast":${JSON.stringify(forecast)},"head":${head}}` };
  }
}

/**
 * Chains what is new of a venue to its ledger; returns that and the ledger's head. `areNew` tells that all of it is known to be. Entries are hashed while the
 * server stores those before.
 */
async function appendToLedger(
  session: Session,
  venue: Venue,
  { rows, areNew }: { readonly rows: readonly NewForecastRow[]; readonly areNew: boolean },
  models: ReadonlyMap<number, Model>,
  deadlineMs: number,
): Promise<{ forecasts: Forecast[]; head?: LedgerHead }> {
  const end = await lockLedger(session, venue);
  if (!end) throw new AppError('venue_clock_unknown', `venue ${venue} has no clock yet`, { retryable: true });
  const wanted = areNew ? rows : await findNewRows(session, rows);
  if (wanted.length === 0) return { forecasts: [] };
  const chained: EntryRow[] = [];
  function* chain(): Iterable<EntryRow> {
    for (const entry of chainEntries(end as LedgerEnd, wanted, models, deadlineMs)) {
      chained.push(entry);
      yield entry;
    }
  }
  await insertEntries(session, chain());
  const forecasts = chained.map(({ forecast }) => forecast);
  const { ledgerSeq: seq, hash: newest, issuedAt: at } = forecasts.at(-1) as Forecast;
  const head: LedgerHead = { venue, seq, hash: newest, at };
  await insertHead(session, head);
  await addDue(session, chained);
  // Nobody can have followed a late one in time.
  const isTraded = ({ forecast: { timing, signal } }: EntryRow) => timing === 'ON_TIME' && signal !== null && signal.action !== 'HOLD';
  if (chained.some(isTraded))
    await openTrades(session, pickServed(chained, models, await findChampionNames(session, venue)).filter(isTraded));
  return { forecasts, head };
}

/** Of rows that say something of the same from the same input, the first counts. */
function onceEach(rows: readonly NewForecastRow[]): NewForecastRow[] {
  const seen = new Set<string>();
  return rows.filter(({ inputHash, forecast }) => seen.size < seen.add(`${inputHash} ${keyOf(forecast)}`).size);
}

function keyOf({ instrumentId, modelId, horizon, asOf }: Pick<Forecast, 'instrumentId' | 'modelId' | 'horizon' | 'asOf'>): string {
  return `${instrumentId} ${modelId} ${horizon} ${asOf}`;
}

/** The ledger keeps quantiles by their place in the list of levels. */
function withAllLevels(forecast: ForecastBatch['forecasts'][number]): ForecastBatch['forecasts'][number] {
  const isComplete =
    forecast.quantiles.length === QUANTILE_LEVELS.length &&
    QUANTILE_LEVELS.every((level, index) => forecast.quantiles[index]?.level === level) &&
    forecast.quantiles.every(({ logReturn }) => Number.isFinite(logReturn));
  if (isComplete) return forecast;
  throw new AppError(
    'forecast_quantiles_invalid',
    `a forecast of ${forecast.instrumentId} does not carry finite quantiles of the levels ${QUANTILE_LEVELS.join(', ')}`,
  );
}
