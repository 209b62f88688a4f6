import { type Decimal, toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import type { MarketsData } from '../graphql/documents/markets.ts';
import { type MarketLine, nextSort, readMarketSort, sortMarkets, toMarketLines } from './sort-markets.ts';

function line(symbol: string, quote?: string | null, trades: number | null = 1): MarketLine {
  const instrument = {
    id: `SIM:${symbol}`,
    symbol,
    venue: 'SIM',
    isSimulated: true,
    baseAsset: symbol,
    quoteAsset: 'USDT',
    tickSize: null,
  } as const;
  if (quote === undefined) return { instrument, summary: undefined };
  const none = { change24h: null, changePercent24h: null, high24h: null, low24h: null, baseVolume24h: null };
  const quoteVolume24h: Decimal | null = quote === null ? null : toDecimal(quote);
  const rest = {
    symbol: instrument.id,
    venue: 'SIM',
    lastPrice: toDecimal('1'),
    lastTime: '',
    tradeCount24h: trades,
  } as const;
  return { instrument, summary: { ...none, ...rest, sparkline: [], quoteVolume24h } };
}

const symbolsOf = (lines: readonly MarketLine[]) => lines.map(({ instrument }) => instrument.symbol);

describe('the table of markets', () => {
  const lines = [line('B', '10'), line('A', '9.5'), line('D'), line('C', null), line('E', '10')];

  it.each([
    ['quote', 'desc', ['B', 'E', 'A', 'C', 'D']],
    ['quote', 'asc', ['A', 'B', 'E', 'C', 'D']],
    ['pair', 'desc', ['E', 'D', 'C', 'B', 'A']],
  ] as const)('is sorted by %s, %s: exactly, and what has no number last', (column, order, symbols) => {
    expect(symbolsOf(sortMarkets(lines, { column, order }))).toEqual(symbols);
  });

  it('sorts by the number of trades, not by its text', () => {
    const some = [line('A', '1', 9), line('B', '1', 10)];
    expect(symbolsOf(sortMarkets(some, { column: 'trades', order: 'desc' }))).toEqual(['B', 'A']);
  });

  it('turns round at the second click', () => {
    const first = nextSort('trades', readMarketSort(undefined, undefined));
    expect(first).toEqual({ column: 'trades', order: 'desc' });
    expect(nextSort('trades', first)).toEqual({ column: 'trades', order: 'asc' });
    expect(nextSort('pair', first)).toEqual({ column: 'pair', order: 'asc' });
  });

  it.each([
    ['trades', 'asc', { column: 'trades', order: 'asc' }],
    ['trades', 'sideways', { column: 'trades', order: 'desc' }],
    ['nothing', 'asc', { column: 'quote', order: 'desc' }],
  ])('reads %s and %s of an address', (column, order, sort) => expect(readMarketSort(column, order)).toEqual(sort));

  it('shows pairs without a candle, too', () => {
    const { instrument } = line('A');
    const data = { instruments: { edges: [{ node: instrument }] }, marketSummary: [], freshness: [] } as MarketsData;
    expect(toMarketLines(data)).toEqual([{ instrument, summary: undefined }]);
  });
});
