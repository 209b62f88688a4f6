import { addMs, chunkMs, type EpochMs, type Interval, SECOND_MS } from '@candlecast/domain';
import type { AnyVariables, Client, RequestPolicy, TypedDocumentNode } from '@urql/core';
import type { ChartCandle } from '../market/chart-candle.ts';
import { type BarChunksData, BarChunksDocument, type ChunkData, ChunkDocument, ChunkNamesDocument } from './documents/workspace.ts';

/** A stretch of history and what it is called now; null while it is not closed. Times in unix seconds. */
export interface ChunkName {
  readonly from: number;
  readonly to: number;
  readonly revision: string | null;
}

/** The newest candles of a series, oldest first, the cursor from which its stream goes on, and the chunks that they are of. */
export interface CandlePage {
  readonly candles: readonly ChartCandle[];
  readonly cursor: string;
  readonly chunks: readonly ChunkName[];
  /** Where the next older chunk ends; undefined in an empty series. */
  readonly olderThan: EpochMs | undefined;
}

/** A page of history. `olderThan` is where the next older page ends; undefined at the beginning of the series. */
export interface HistoryPage {
  readonly candles: readonly ChartCandle[];
  readonly chunks: readonly ChunkName[];
  readonly olderThan: EpochMs | undefined;
}

/** A first picture and a scroll beyond it. */
const ENOUGH = 300;
/** Names that are asked for at a time while somebody scrolls back. */
const NAMES = 4;

type List = BarChunksData['barChunks'];

/** Returns the closed chunks that a first picture needs beside the tail. */
export function chunksOfFirstPicture({ chunks, tail }: Pick<List, 'chunks' | 'tail'>): readonly ChunkName[] {
  return (tail?.t.length ?? 0) >= ENOUGH ? [] : chunks.slice(-1);
}

/** Returns the variables under which the server and the browser ask for a chunk: the same ones, in one order. */
export function chunkVariables(symbol: string, interval: Interval, { from, to, revision }: ChunkName) {
  return { symbol, interval, from, to, revision };
}

/** Returns the newest candles that are already in the cache, as the server rendered them. */
export function readNewestCandles(client: Client, symbol: string, interval: Interval): CandlePage | undefined {
  const list = client.readQuery(BarChunksDocument, { symbol, interval })?.data?.barChunks;
  if (!list) return undefined;
  const wanted = chunksOfFirstPicture(list);
  const parts = wanted.flatMap((chunk) => client.readQuery(ChunkDocument, chunkVariables(symbol, interval, chunk))?.data ?? []);
  return parts.length === wanted.length ? toPage(list, wanted, parts) : undefined;
}

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

function toPage({ tail, tailFrom, cursor }: List, wanted: readonly ChunkName[], parts: readonly ChunkData[]): CandlePage {
  const grown = tail ? toCandles(tail) : [];
  // The newest row may be the open candle: what the stream says about it wins.
  const candles = [...parts.flatMap(toClosed), ...grown.map((candle, index) => ({ ...candle, isClosed: index < grown.length - 1 }))];
  const oldest = wanted[0]?.from ?? tailFrom;
  return { candles, cursor, chunks: wanted, olderThan: oldest === null ? undefined : toTime(oldest) };
}

function toClosed({ bars }: ChunkData): ChartCandle[] {
  return toCandles(bars);
}

function toCandles(bars: NonNullable<List['tail']>): ChartCandle[] {
  return bars.t.map((time, index) => ({
    openTime: toTime(time),
    open: bars.o[index] ?? 0,
    high: bars.h[index] ?? 0,
    low: bars.l[index] ?? 0,
    close: bars.c[index] ?? 0,
    baseVolume: bars.v[index] ?? 0,
    isClosed: true,
  }));
}

function toTime(seconds: number): EpochMs {
  return (seconds * SECOND_MS) as EpochMs;
}
