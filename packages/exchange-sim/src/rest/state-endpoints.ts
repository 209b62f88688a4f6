import type { EpochMs } from '@candlecast/domain';
import type { SymbolMarket } from '../market/symbol-market.ts';
import { statusOf, type Venue } from '../venue/venue.ts';
import { findWindow } from '../venue/window-statistics.ts';
import { type Endpoint, oneOrMany, type RestRequest, symbolOf } from './endpoint.ts';
import { refusals } from './rest-error.ts';

const MOST_LEVELS = 5_000;

export const depth: Endpoint = {
  path: 'depth',
  parameters: ['symbol', 'limit', 'symbolStatus'],
  weight: ({ query }) => {
    const limit = query.limit(100, MOST_LEVELS);
    return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1_000 ? 50 : 250;
  },
  answer: (request) => {
    const { venue, query, now, bookTime } = request;
    const symbol = symbolOf(request);
    const wantedStatus = query.status();
    if (wantedStatus !== undefined && wantedStatus !== statusOf(symbol, now)) throw refusals.statusMismatch();
    const book = venue.bookOf(symbol).book(venue.bookOf(symbol).stepAt(bookTime));
    const limit = query.limit(100, MOST_LEVELS);
    return JSON.stringify({
      lastUpdateId: book?.updateId ?? 0,
      bids: book?.bids.slice(0, limit) ?? [],
      asks: book?.asks.slice(0, limit) ?? [],
    });
  },
};

export const tickerDay: Endpoint = {
  path: 'ticker/24hr',
  parameters: ['symbol', 'symbols', 'type', 'symbolStatus'],
  weight: (request) => {
    const count = request.query.symbols()?.length ?? Number.POSITIVE_INFINITY;
    return count <= 20 ? 2 : count <= 100 ? 40 : 80;
  },
  answer: (request) => {
    const type = request.query.text('type') ?? 'FULL';
    if (type !== 'FULL' && type !== 'MINI') throw refusals.value('type');
    return oneOrMany(request, (symbol) => describeDay(request, symbol, type));
  },
};

export const tickerPrice: Endpoint = {
  path: 'ticker/price',
  parameters: ['symbol', 'symbols', 'symbolStatus'],
  weight: ({ query }) => (query.text('symbol') === undefined ? 4 : 2),
  answer: (request) =>
    oneOrMany(request, (symbol) => {
      const last = symbol.findLastOrder(request.now);
      return last && { symbol: symbol.listing.symbol, price: last.price };
    }),
};

export const bookTicker: Endpoint = {
  path: 'ticker/bookTicker',
  parameters: ['symbol', 'symbols', 'symbolStatus'],
  weight: ({ query }) => (query.text('symbol') === undefined ? 4 : 2),
  answer: (request) =>
    oneOrMany(request, (symbol) => {
      const top = topOf(request.venue, symbol, request.now);
      return top && { symbol: symbol.listing.symbol, ...top };
    }),
};

function describeDay({ venue, now, unit }: RestRequest, symbol: SymbolMarket, type: 'FULL' | 'MINI'): object | undefined {
  const statistics = findWindow(symbol, '1d', now);
  if (!statistics) return undefined;
  const { window, last, previousClose, change, changePercent, weightedAverage } = statistics;
  const scale = unit === 'MICROSECOND' ? 1_000 : 1;
  const top = topOf(venue, symbol, now);
  const isFull = type === 'FULL';
  return {
    symbol: symbol.listing.symbol,
    ...(isFull && {
      priceChange: change,
      priceChangePercent: changePercent,
      weightedAvgPrice: weightedAverage,
      prevClosePrice: previousClose,
    }),
    lastPrice: window.close,
    ...(isFull && { lastQty: last.quantity, ...top }),
    openPrice: window.open,
    highPrice: window.high,
    lowPrice: window.low,
    volume: window.volume,
    quoteVolume: window.quoteVolume,
    openTime: window.openTime * scale,
    closeTime: window.closeTime * scale,
    firstId: window.firstTradeId,
    lastId: window.lastTradeId,
    count: window.tradeCount,
  };
}

function topOf(venue: Venue, symbol: SymbolMarket, now: EpochMs): object | undefined {
  const book = venue.bookOf(symbol);
  const top = book.top(book.stepAt(now));
  return top && { bidPrice: top.bid[0], bidQty: top.bid[1], askPrice: top.ask[0], askQty: top.ask[1] };
}
