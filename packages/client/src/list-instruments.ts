import type { ResultOf } from 'gql.tada';
import type { Instrument } from './api-shapes.ts';
import { INSTRUMENTS_QUERY } from './query-documents.ts';
import type { RunQuery } from './run-query.ts';

/** Which instruments to list. */
export interface InstrumentsOptions {
  /** Part of the symbol, any case. */
  readonly search?: string;
  readonly signal?: AbortSignal;
}

const PAGE_SIZE = 500;

/** Lists the tracked instruments of the running venue by symbol; the next page is fetched when it is reached. */
export async function* listInstruments(
  query: RunQuery,
  { search, signal }: InstrumentsOptions = {},
): AsyncGenerator<Instrument, void, undefined> {
  let after: string | null = null;
  for (;;) {
    const { instruments }: ResultOf<typeof INSTRUMENTS_QUERY> = await query(
      INSTRUMENTS_QUERY,
      { search: search ?? null, first: PAGE_SIZE, after },
      signal,
    );
    for (const { node } of instruments.edges) yield node;
    if (!instruments.pageInfo.hasNextPage) return;
    after = instruments.pageInfo.endCursor;
  }
}
