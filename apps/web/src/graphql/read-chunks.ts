import { type EpochMs, type Interval, SECOND_MS } from '@candlecast/domain';
import type { Client } from '@urql/core';
import type { ChartCandle } from '../market/chart-candle.ts';
import { type BarChunksData, BarChunksDocument, type ChunkData, ChunkDocument } from './documents/workspace.ts';

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

/** A first picture and a scroll beyond it. */
const ENOUGH = 300;

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

/** Returns the page that a list and its chunks make. */
export function toPage({ tail, tailFrom, cursor }: List, wanted: readonly ChunkName[], parts: readonly ChunkData[]): CandlePage {
  const grown = tail ? toCandles(tail) : [];
  // The newest row may be the open candle: what the stream says about it wins.
  const candles = [...parts.flatMap(toClosed), ...grown.map((candle, index) => ({ ...candle, isClosed: index < grown.length - 1 }))];
  const oldest = wanted[0]?.from ?? tailFrom;
  return { candles, cursor, chunks: wanted, olderThan: oldest === null ? undefined : toTime(oldest) };
}

/** Returns the candles of a chunk, all closed. */
export function toClosed({ bars }: ChunkData): ChartCandle[] {
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

/** Returns a time of a chunk, which is in unix seconds. */
export function toTime(seconds: number): EpochMs {
  return (seconds * SECOND_MS) as EpochMs;
}
