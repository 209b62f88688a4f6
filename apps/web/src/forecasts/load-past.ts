import { type EpochMs, type Horizon, toIso } from '@candlecast/domain';
import type { AnyVariables, TypedDocumentNode } from '@urql/core';
import {
  type CardFields,
  ForecastHistoryDocument,
  type HistoryFields,
  type RecordFields,
  TrackRecordDocument,
} from '../graphql/documents/forecasts.ts';
import { toInstant } from '../market/chart-candle.ts';
import { gridBegin } from './history-grid.ts';

/** Asks the gateway; throws what it answers when that is no data. */
export type Ask = <T, V extends AnyVariables>(document: TypedDocumentNode<T, V>, variables: V) => Promise<T>;

/** What forecasts came to: the record of each card's own model by horizon, and what was said in the last hours, in no order. */
export interface Past {
  readonly records: Readonly<Record<string, RecordFields | undefined>>;
  readonly history: readonly HistoryFields[];
}

/** The forecasts that a page is rendered with. */
export interface RenderedForecasts extends Past {
  readonly cards: readonly CardFields[];
}

/** Rows of one horizon: one a minute for three hours, and some to spare. */
const HISTORY_ROWS = 200;

/** Asks what came of the forecasts before these at `now`, the newest one's time when absent. */
export async function loadPast(ask: Ask, symbol: string, cards: readonly CardFields[], now: EpochMs | undefined): Promise<Past> {
  const [records, history] = await Promise.all([loadRecords(ask, symbol, cards), loadHistory(ask, symbol, cards, now)]);
  return { records, history };
}

/** Each horizon may have a champion of its own: every model is asked for once. */
async function loadRecords(ask: Ask, symbol: string, cards: readonly CardFields[]): Promise<Past['records']> {
  const models = [...new Set(cards.map(({ model }) => model.id))];
  const answers = await Promise.all(
    models.map(async (modelId) => [modelId, await ask(TrackRecordDocument, { symbol, modelId, window: 'DAYS_30', asOf: null })] as const),
  );
  const byModel = new Map(answers.map(([id, { trackRecord }]) => [id, trackRecord.horizons]));
  return Object.fromEntries(
    cards.map(({ horizon, model }) => [horizon, byModel.get(model.id)?.find((record) => record.horizon === horizon)]),
  );
}

async function loadHistory(
  ask: Ask,
  symbol: string,
  cards: readonly CardFields[],
  now = newestOf(cards),
): Promise<readonly HistoryFields[]> {
  const from = now === undefined ? null : toIso(gridBegin(now));
  const pages = await Promise.all(
    cards.map(({ horizon, model }) => {
      const range = { horizon: horizon as Horizon, modelId: model.id, from, to: null, last: HISTORY_ROWS, before: null, asOf: null };
      return ask(ForecastHistoryDocument, { symbol, ...range });
    }),
  );
  return pages.flatMap(({ forecasts }) => forecasts.edges.map(({ node }) => node));
}

function newestOf(cards: readonly CardFields[]): EpochMs | undefined {
  const newest = cards
    .map(({ issuedAt }) => issuedAt)
    .toSorted()
    .at(-1);
  return newest === undefined ? undefined : toInstant(newest);
}
