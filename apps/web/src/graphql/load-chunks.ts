import { addMs, chunkMs, type EpochMs, type Interval, SECOND_MS } from '@candlecast/domain';
import type { AnyVariables, Client, RequestPolicy, TypedDocumentNode } from '@urql/core';
import type { ChartCandle } from '../market/chart-candle.ts';
import { BarChunksDocument, type ChunkData, ChunkDocument, ChunkNamesDocument } from './documents/workspace.ts';
import { type CandlePage, type ChunkName, chunksOfFirstPicture, chunkVariables, toClosed, toPage, toTime } from './read-chunks.ts';

/** A page of history. `olderThan` is where the next older page ends; undefined at the beginning of the series. */
export interface HistoryPage {
  readonly candles: readonly ChartCandle[];
  readonly chunks: readonly ChunkName[];
  readonly olderThan: EpochMs | undefined;
}

/** Names that are asked for at a time while somebody scrolls back. */
const NAMES = 4;

/** Fetches the newest candles; throws what the gateway answers. */
export async function fetchNewestCandles(client: Client, symbol: string, interval: Interval): Promise<CandlePage> {
  const { barChunks } = await query(client, BarChunksDocument, { symbol, interval }, 'network-only');
  const wanted = chunksOfFirstPicture(barChunks);
  return toPage(barChunks, wanted, await Promise.all(wanted.map((chunk) => fetchChunk(client, symbol, interval, chunk))));
}

/** Fetches the newest chunk that ends at or before `before`, which is where one begins. */
export async function fetchHistory(client: Client, symbol: string, interval: Interval, before: EpochMs): Promise<HistoryPage> {
  const range = { from: addMs(before, -NAMES * chunkMs(interval)) / SECOND_MS, to: before / SECOND_MS };
  const { barChunks } = await query(client, ChunkNamesDocument, { symbol, interval, ...range }, 'network-only');
  const chunk = barChunks.chunks.at(-1);
  if (!chunk) return { candles: [], chunks: [], olderThan: undefined };
  const candles = toClosed(await fetchChunk(client, symbol, interval, chunk));
  return { candles, chunks: [chunk], olderThan: toTime(chunk.from) };
}

/** What has become of chunks that are shown. */
export interface ChunkNews {
  /** Those of another name than before, and what they hold now. */
  readonly chunks: readonly ChunkName[];
  readonly candles: readonly ChartCandle[];
  /** Those that were closed since: what they hold has come as it happened. */
  readonly closed: readonly ChunkName[];
}

/** Fetches those of the chunks that have another name by now. */
export async function fetchChanges(client: Client, symbol: string, interval: Interval, known: readonly ChunkName[]): Promise<ChunkNews> {
  const from = Math.min(...known.map((chunk) => chunk.from));
  const end = Math.max(...known.map((chunk) => chunk.to));
  const { barChunks } = await query(client, ChunkNamesDocument, { symbol, interval, from, to: null }, 'network-only');
  const before = new Map(known.map((chunk) => [chunk.from, chunk.revision]));
  const named = barChunks.chunks.filter(({ revision }) => revision !== null);
  const chunks = named.filter((chunk) => before.has(chunk.from) && before.get(chunk.from) !== chunk.revision);
  const parts = await Promise.all(chunks.map((chunk) => fetchChunk(client, symbol, interval, chunk)));
  return { chunks, candles: parts.flatMap(toClosed), closed: named.filter((chunk) => chunk.from >= end) };
}

/** What has a name never changes; what has none yet is asked for past the cache. */
function fetchChunk(client: Client, symbol: string, interval: Interval, chunk: ChunkName): Promise<ChunkData> {
  return query(client, ChunkDocument, chunkVariables(symbol, interval, chunk), chunk.revision === null ? 'network-only' : 'cache-first');
}

async function query<T, V extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<T, V>,
  variables: V,
  requestPolicy: RequestPolicy,
): Promise<T> {
  const { data, error } = await client.query(document, variables, { requestPolicy }).toPromise();
  if (error || !data) throw error ?? new Error('the gateway answered without data');
  return data;
}
