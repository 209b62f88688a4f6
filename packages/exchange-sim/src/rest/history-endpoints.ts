import type { EpochMs } from '@candlecast/domain';
import type { TakerOrder } from '../market/symbol-market.ts';
import { findKlines } from '../venue/find-klines.ts';
import { parseKlineInterval, parseTimeZone } from '../venue/kline-interval.ts';
import { type Endpoint, type RestRequest, symbolOf } from './endpoint.ts';
import { aggTradeFields, klineRow, tradeText } from './json-text.ts';
import { refusals } from './rest-error.ts';

const USUAL_ROWS = 500;
const MOST_ROWS = 1_000;

export const klines: Endpoint = {
  path: 'klines',
  parameters: ['symbol', 'interval', 'startTime', 'endTime', 'timeZone', 'limit'],
  weight: () => 2,
  answer: async (request) => {
    const { query, now, unit } = request;
    const symbol = symbolOf(request);
    const intervalText = query.text('interval');
    if (intervalText === undefined) throw refusals.missing('interval');
    const interval = parseKlineInterval(intervalText);
    if (!interval) throw refusals.interval();
    const offsetMs = parseTimeZone(query.text('timeZone') ?? '0');
    if (offsetMs === undefined) throw refusals.value('timeZone');
    const [startTime, endTime] = [query.time('startTime'), query.time('endTime')];
    const found = await findKlines(symbol, { interval, offsetMs, startTime, endTime, limit: query.limit(USUAL_ROWS, MOST_ROWS) }, now);
    return `[${found.map((kline) => klineRow(kline, unit)).join(',')}]`;
  },
};

/** Klines as charts show them: here the same. */
export const uiKlines: Endpoint = { ...klines, path: 'uiKlines' };

export const aggTrades: Endpoint = {
  path: 'aggTrades',
  parameters: ['symbol', 'fromId', 'startTime', 'endTime', 'limit'],
  weight: () => 4,
  answer: (request) => {
    const { query, now, unit } = request;
    const symbol = symbolOf(request);
    const limit = query.limit(USUAL_ROWS, MOST_ROWS);
    const fromId = query.number('fromId');
    const [startTime, endTime] = [query.time('startTime'), query.time('endTime')];
    if (fromId !== undefined && (startTime !== undefined || endTime !== undefined)) throw refusals.combination();
    const until = Math.min(endTime ?? now, now) as EpochMs;
    const newestFrom = () => Math.max(0, (symbol.findLastOrder(until)?.id ?? -1) - limit + 1);
    const orders =
      startTime === undefined
        ? symbol.ordersFromId(fromId ?? newestFrom(), until)
        : symbol.ordersBetween((Math.max(startTime, symbol.firstTime) - 1) as EpochMs, until);
    return `[${take(orders, limit)
      .map((order) => `{${aggTradeFields(order, unit)}}`)
      .join(',')}]`;
  },
};

/** The newest trades. */
export const trades: Endpoint = {
  path: 'trades',
  parameters: ['symbol', 'limit'],
  weight: () => 25,
  answer: (request) => findTrades(request, undefined),
};

/** Trades from an id on. */
export const historicalTrades: Endpoint = {
  path: 'historicalTrades',
  parameters: ['symbol', 'limit', 'fromId'],
  weight: () => 25,
  answer: (request) => findTrades(request, request.query.number('fromId')),
};

function findTrades(request: RestRequest, fromId: number | undefined): string {
  const { query, now, unit } = request;
  const symbol = symbolOf(request);
  const limit = query.limit(USUAL_ROWS, MOST_ROWS);
  const last = symbol.findLastOrder(now);
  const firstId = fromId ?? Math.max(0, (last?.lastTradeId ?? 0) - limit + 1);
  if (!last || firstId > last.lastTradeId) return '[]';
  const orders = take(symbol.ordersFromId(symbol.orderIdOfTrade(firstId), now), limit);
  const fills = orders.flatMap((order) => symbol.fillsOf(order).map((fill) => ({ order, fill })));
  const wanted = fills.filter(({ fill }) => fill.id >= firstId).slice(0, limit);
  return `[${wanted.map(({ order, fill }) => tradeText(order, fill, unit)).join(',')}]`;
}

function take(orders: Iterable<TakerOrder>, limit: number): TakerOrder[] {
  const taken: TakerOrder[] = [];
  for (const order of orders) {
    taken.push(order);
    if (taken.length >= limit) break;
  }
  return taken;
}
