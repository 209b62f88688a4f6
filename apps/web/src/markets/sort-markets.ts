import { compareDecimals, type Decimal } from '@candlecast/domain';
import type { MarketsData } from '../graphql/documents/markets.ts';

export const MARKET_COLUMNS = ['pair', 'last', 'change', 'high', 'low', 'base', 'quote', 'trades'] as const;
export type MarketColumn = (typeof MARKET_COLUMNS)[number];
export type SortOrder = 'asc' | 'desc';

export interface MarketSort {
  readonly column: MarketColumn;
  readonly order: SortOrder;
}

export type MarketInstrument = MarketsData['instruments']['edges'][number]['node'];
export type MarketSummaryFields = MarketsData['marketSummary'][number];

/** A pair with its last 24 hours; a pair without any candle has none. */
export interface MarketLine {
  readonly instrument: MarketInstrument;
  readonly summary: MarketSummaryFields | undefined;
}

/** Returns the pairs of an answer, each with its last 24 hours. */
export function toMarketLines({ instruments, marketSummary }: MarketsData): MarketLine[] {
  const summaries = new Map(marketSummary.map((summary) => [summary.symbol, summary]));
  return instruments.edges.map(({ node }) => ({ instrument: node, summary: summaries.get(node.id) }));
}

/** Reads `sort` and `order` of an address; the largest turnover first where they say nothing sensible. */
export function readMarketSort(column: string | undefined, order: string | undefined): MarketSort {
  const known = MARKET_COLUMNS.find((name) => name === column);
  if (!known) return { column: 'quote', order: 'desc' };
  return { column: known, order: order === 'asc' || order === 'desc' ? order : firstOrder(known) };
}

/** Returns how the table is sorted after a click on a column: the other way round where it is the one already. */
export function nextSort(column: MarketColumn, now: MarketSort): MarketSort {
  if (now.column !== column) return { column, order: firstOrder(column) };
  return { column, order: now.order === 'asc' ? 'desc' : 'asc' };
}

/** Returns the lines in order. What has no number in the column comes last either way; equal ones go by symbol. */
export function sortMarkets(lines: readonly MarketLine[], { column, order }: MarketSort): MarketLine[] {
  const sign = order === 'asc' ? 1 : -1;
  return lines.toSorted((a, b) => {
    if (column === 'pair') return sign * bySymbol(a, b);
    const [left, right] = [numberIn(a, column), numberIn(b, column)];
    if (left === undefined || right === undefined) return left === right ? bySymbol(a, b) : left === undefined ? 1 : -1;
    return sign * compareDecimals(left, right) || bySymbol(a, b);
  });
}

function firstOrder(column: MarketColumn): SortOrder {
  return column === 'pair' ? 'asc' : 'desc';
}

function bySymbol(a: MarketLine, b: MarketLine): number {
  return a.instrument.symbol < b.instrument.symbol ? -1 : a.instrument.symbol > b.instrument.symbol ? 1 : 0;
}

function numberIn({ summary }: MarketLine, column: Exclude<MarketColumn, 'pair'>): Decimal | undefined {
  if (!summary) return undefined;
  const { lastPrice, changePercent24h, high24h, low24h, baseVolume24h, quoteVolume24h, tradeCount24h } = summary;
  const trades = tradeCount24h === null ? null : (`${tradeCount24h}` as Decimal);
  const values = {
    last: lastPrice,
    change: changePercent24h,
    high: high24h,
    low: low24h,
    base: baseVolume24h,
    quote: quoteVolume24h,
    trades,
  };
  return values[column] ?? undefined;
}
