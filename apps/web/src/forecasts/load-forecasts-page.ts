import { type EpochMs, MINUTE_MS, SECOND_MS, toIso } from '@candlecast/domain';
import {
  ClosesDocument,
  ForecastHistoryDocument,
  type ForecastPathData,
  ForecastPathDocument,
  type HistoryFields,
  ReliabilityDocument,
  type TrackRecordData,
  TrackRecordDocument,
} from '../graphql/documents/forecasts.ts';
import { type InstrumentFields, WorkspaceDocument } from '../graphql/documents/workspace.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import { venueTimeOf } from '../market/venue-time-of.ts';
import { queryGateway } from '../server/query-gateway.ts';
import type { CardHorizon } from './card-horizons.ts';
import type { HistoryFilter } from './history-filter.ts';
import { type RecordAt, recordMoments } from './record-over-time.ts';
import { type ReliabilityBin, toReliability } from './reliability.ts';

/** Rows of a page of the history. */
export const PAGE_ROWS = 200;
/** Forecasts that a reliability diagram is made of, and the closes before a path. */
const RELIABILITY_ROWS = 2_000;
const CLOSES = 144;

/** Everything that the page of forecasts shows. */
export interface ForecastsPageData {
  readonly instruments: readonly InstrumentFields[];
  readonly instrument: InstrumentFields;
  readonly now: EpochMs;
  readonly record: TrackRecordData;
  readonly overTime: readonly RecordAt[];
  readonly reliability: readonly ReliabilityBin[];
  readonly path: ForecastPathData | undefined;
  readonly closes: { readonly t: readonly number[]; readonly c: readonly (number | null)[] };
  /** Oldest first. */
  readonly history: readonly HistoryFields[];
  readonly older: string | undefined;
}

export type ForecastsPage = { readonly ok: true; readonly data: ForecastsPageData } | { readonly ok: false; readonly failure: Failure };

/** Asks the gateway for everything that the page of forecasts shows, of the pair and horizon that the filter names. */
export async function loadForecastsPage(filter: HistoryFilter): Promise<ForecastsPage> {
  try {
    const market = await queryGateway(WorkspaceDocument, {});
    const instruments = market.data.instruments.edges.map(({ node }) => node);
    const instrument = chooseInstrument(instruments, filter.symbol);
    if (!instrument) {
      const message = filter.symbol === undefined ? 'no pair is tracked yet' : `"${filter.symbol}" is not among the tracked pairs`;
      return { ok: false, failure: { code: filter.symbol === undefined ? 'NOT_FOUND' : 'SYMBOL_NOT_FOUND', message } };
    }
    const now = venueTimeOf(market.data.freshness)?.venueTime ?? (0 as EpochMs);
    const symbol = instrument.id;
    const { horizon } = filter;
    const { trackRecord: record } = (await queryGateway(TrackRecordDocument, { symbol, modelId: null, window: 'DAYS_30', asOf: null }))
      .data;
    const modelId = record.model?.id ?? null;
    const [overTime, reliability, path, closes, history] = await Promise.all([
      Promise.all(recordMoments(now).map((at) => loadRecordAt(symbol, modelId, horizon, at))),
      loadReliability(symbol, modelId, horizon),
      queryGateway(ForecastPathDocument, { symbol, at: null }).then(({ data }) => data.forecastPath, toNothing),
      queryGateway(ClosesDocument, { symbol, interval: '5m', to: toSeconds(now), countback: CLOSES }).then(({ data }) => data.bars),
      loadHistory(symbol, filter, PAGE_ROWS),
    ]);
    return { ok: true, data: { instruments, instrument, now, record, overTime, reliability, path, closes, ...history } };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

/** Fetches a page of a pair's history, oldest first, and the cursor of the page before it. */
export async function loadHistory(
  symbol: string,
  { horizon, from, to, before }: HistoryFilter,
  rows: number,
): Promise<Pick<ForecastsPageData, 'history' | 'older'>> {
  const range = { from: from === undefined ? null : toIso(from), to: to === undefined ? null : toIso(to) };
  const page = { last: rows, before: before ?? null };
  const { data } = await queryGateway(ForecastHistoryDocument, { symbol, horizon, modelId: null, ...range, ...page, asOf: null });
  const { edges, pageInfo } = data.forecasts;
  return { history: edges.map(({ node }) => node), older: pageInfo.hasPreviousPage ? (pageInfo.startCursor ?? undefined) : undefined };
}

/** Returns the pair that an address names by its id or its bare symbol; without a name a well-known one. */
export function chooseInstrument<T extends { readonly id: string; readonly symbol: string }>(
  instruments: readonly T[],
  name: string | undefined,
): T | undefined {
  if (name !== undefined) return instruments.find(({ id, symbol }) => id === name || symbol === name);
  return instruments.find(({ symbol }) => symbol === 'BTCUSDT') ?? instruments[0];
}

/** As it stood then. Moments before the model began have no record. */
async function loadRecordAt(symbol: string, modelId: string | null, horizon: CardHorizon, at: EpochMs): Promise<RecordAt> {
  if (modelId === null || at <= 0) return { at, record: undefined };
  const asOf = { knownAt: toIso(at) };
  const { data } = await queryGateway(TrackRecordDocument, { symbol, modelId, window: 'DAYS_7', asOf });
  return { at, record: data.trackRecord.horizons.find((row) => row.horizon === horizon) };
}

async function loadReliability(symbol: string, modelId: string | null, horizon: CardHorizon): Promise<readonly ReliabilityBin[]> {
  if (modelId === null) return [];
  const { data } = await queryGateway(ReliabilityDocument, { symbol, horizon, modelId, last: RELIABILITY_ROWS });
  return toReliability(data.forecasts.edges.map(({ node: { pUp, resolution } }) => ({ pUp, logReturn: resolution?.logReturn ?? null })));
}

function toNothing(): undefined {
  return undefined;
}

function toSeconds(time: EpochMs): number {
  return Math.floor(Math.max(time, MINUTE_MS) / SECOND_MS);
}
