import type { ResultOf } from 'gql.tada';
import type { Candle, Certificate } from './api-shapes.ts';
import { CANDLES_QUERY } from './query-documents.ts';
import type { RunQuery } from './run-query.ts';

/** Which candles to read. */
export interface CandlePagesOptions {
  /** "VENUE:SYMBOL", or a bare symbol of the running venue. */
  readonly symbol: string;
  readonly interval: string;
  /** First open time, inclusive, in ISO-8601; the oldest stored candle when absent. */
  readonly from?: string;
  /** End, exclusive, in ISO-8601; now when absent. */
  readonly to?: string;
  /** Candles a page, at most 5,000; 1,000 when absent. */
  readonly pageSize?: number;
  readonly signal?: AbortSignal;
}

/** A page of candles, oldest first, and what it can prove: how many its span must hold and which are missing. */
export interface CandlePage {
  readonly candles: readonly Candle[];
  readonly certificate: Certificate;
}

const PAGE_SIZE = 1_000;

/** Reads a range page by page, the next one only when it is asked for. Throws a CandlecastError; what has been yielded stands. */
export async function* readCandlePages(
  query: RunQuery,
  { pageSize = PAGE_SIZE, signal, ...range }: CandlePagesOptions,
): AsyncGenerator<CandlePage, void, undefined> {
  let after: string | null = null;
  for (;;) {
    const { candles }: ResultOf<typeof CANDLES_QUERY> = await query(CANDLES_QUERY, { ...range, first: pageSize, after }, signal);
    yield { candles: candles.edges.flatMap(({ node }) => node ?? []), certificate: candles.certificate };
    if (!candles.pageInfo.hasNextPage) return;
    after = candles.pageInfo.endCursor;
  }
}
