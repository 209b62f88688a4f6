import type { DocumentNode } from 'graphql';
import {
  ReplayedCandlesDocument,
  ReplayedFeedStatusDocument,
  ReplayedForecastEventsDocument,
  ReplayedForecastsDocument,
  ReplayedNextHourEventsDocument,
  ReplayedPricesDocument,
  ReplayedTopOfBookDocument,
  ReplayedTradesDocument,
} from '../graphql/documents/replay.ts';
import { operationNameOf } from './derive-documents.ts';

/** How many candles a replayed chart is sent first: more than can pass between its history and its stream, at any speed. */
const SNAPSHOT = 500;

const DOCUMENTS = [
  ReplayedCandlesDocument,
  ReplayedFeedStatusDocument,
  ReplayedForecastEventsDocument,
  ReplayedForecastsDocument,
  ReplayedNextHourEventsDocument,
  ReplayedPricesDocument,
  ReplayedTopOfBookDocument,
  ReplayedTradesDocument,
];
const BY_NAME: ReadonlyMap<string, DocumentNode> = new Map(
  DOCUMENTS.map((document) => [operationNameOf(document).replace(/^Replayed/, ''), document]),
);

/** A subscription's document and variables. */
export interface ReplayedOperation {
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Returns how a subscription of the page is run with a clock; undefined for one that has no past. */
export function toReplayed(
  name: string,
  variables: Readonly<Record<string, unknown>>,
  clock: Readonly<Record<string, unknown>>,
): ReplayedOperation | undefined {
  const document = BY_NAME.get(name);
  if (!document) return undefined;
  // Cursors of the live stream are nothing to a replay: it begins with what was there.
  const { after: _, ...own } = variables;
  return { document, variables: { ...own, clock, ...(name === 'Candles' ? { snapshot: SNAPSHOT } : {}) } };
}

interface CandleSnapshot {
  readonly __typename: 'CandleSnapshot';
  readonly symbol: string;
  readonly candles: readonly { readonly isClosed: boolean }[];
}

/** Returns the results as which the page takes one: a snapshot is its candles, oldest first, as if each had just come; else itself. */
export function toPageResults<T extends { readonly data?: unknown }>(result: T): readonly T[] {
  const { candles } = (result.data ?? {}) as { readonly candles?: CandleSnapshot };
  if (candles?.__typename !== 'CandleSnapshot') return [result];
  return candles.candles.map((candle) => ({
    ...result,
    data: { candles: { __typename: candle.isClosed ? 'CandleClosed' : 'CandleUpdate', symbol: candles.symbol, candle } },
  }));
}
