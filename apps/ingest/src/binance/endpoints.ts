import type { CandleValues, EpochMs } from '@candlecast/domain';
import { toVenueTime, type Venue } from '@candlecast/domain';
import type { DepthSnapshot } from '../book/order-book.ts';
import type { CandleRequest, ExchangeClock, TradeRequest, TradeValues } from '../exchange.ts';
import { isAmount } from './check-candle.ts';
import type { ClockReading } from './exchange-clock.ts';
import { unavailable } from './exchange-error.ts';
import { countOffGrid, toClosedCandles } from './merge-rows.ts';
import { type CandleRow, type ExchangeInfo, parseCandleRows, parseExchangeInfo, parseServerTime } from './parse-reply.ts';
import { parseDepthSnapshot } from './read-depth.ts';
import { parseTradeRows } from './read-trade.ts';
import type { RestClient } from './rest-client.ts';
import type { BookMark } from './stall-probe.ts';

/** A candle counts as closed this long after its last millisecond, in milliseconds of the exchange's time. */
export const CLOSE_MARGIN_MS = 2_000;

const FEW_SYMBOLS = 20;
/** Levels a side: 1,000 weigh 50, the 5,000 that the exchange has at most 250. */
const SNAPSHOT_LEVELS = 1_000;

/** The requests that ingest makes, each named after what it returns. */
export interface Endpoints {
  fetchServerTime(): Promise<ClockReading>;
  fetchExchangeInfo(venue: Venue): Promise<ExchangeInfo>;
  fetchClosedCandles(request: CandleRequest, clock: ExchangeClock): Promise<CandleValues[]>;
  /** The newest candle, which may be open. */
  findNewestCandle(symbol: string): Promise<CandleValues | undefined>;
  findFirstOpenTime(symbol: string): Promise<EpochMs | undefined>;
  /** The tops of the book of those of the symbols that have one. */
  fetchBookTops(symbols: readonly string[]): Promise<Map<string, BookMark>>;
  fetchTrades(request: TradeRequest): Promise<TradeValues[]>;
  fetchDepth(symbol: string): Promise<DepthSnapshot>;
}

/** Returns the requests over a client; `onOffGridRows` hears how many rows of each answer do not open on a minute. */
export function createEndpoints(rest: RestClient, onOffGridRows: (rows: number) => void = () => undefined): Endpoints {
  const candleRows = async (query: Record<string, string | number | undefined>, purpose: CandleRequest['purpose']) => {
    const reply = await rest.get({ path: '/api/v3/klines', query: { interval: '1m', ...query }, weight: 2, purpose });
    return { rows: parseCandleRows(reply.body), sentAt: reply.sentAt };
  };

  return {
    async fetchServerTime() {
      const { body, sentAt, receivedAt } = await rest.get({ path: '/api/v3/time', weight: 1, purpose: 'repair' });
      return { serverTime: parseServerTime(body), sentAt, receivedAt };
    },

    async fetchExchangeInfo(venue) {
      const { body } = await rest.get({
        path: '/api/v3/exchangeInfo',
        query: { showPermissionSets: 'false' },
        weight: 20,
        purpose: 'repair',
      });
      return parseExchangeInfo(body, venue);
    },

    async fetchClosedCandles({ symbol, from, to, limit, purpose }, clock) {
      const { rows, sentAt } = await candleRows({ symbol, startTime: from, endTime: to - 1, limit }, purpose);
      onOffGridRows(countOffGrid(rows));
      const cutAt = rows.length < limit ? undefined : from === undefined ? 'first' : 'last';
      // What was closed when the request left is closed in every answer to it.
      return toClosedCandles(rows, toVenueTime(clock.model(), sentAt), CLOSE_MARGIN_MS + clock.errorMs(), cutAt);
    },

    async findNewestCandle(symbol) {
      return newest((await candleRows({ symbol, limit: 1 }, 'repair')).rows)?.candle;
    },

    async findFirstOpenTime(symbol) {
      return newest((await candleRows({ symbol, startTime: 0, limit: 1 }, 'history')).rows)?.candle.openTime;
    },

    async fetchBookTops(symbols) {
      // For a few the request names them; for more it is cheaper to ask for all.
      const named = symbols.length <= FEW_SYMBOLS ? { symbols: JSON.stringify(symbols) } : {};
      const { body } = await rest.get({ path: '/api/v3/ticker/bookTicker', query: named, weight: 4, purpose: 'repair' });
      if (!Array.isArray(body)) throw unavailable('bookTicker did not answer with a list');
      const wanted = new Set(symbols);
      return new Map(body.map(readBookTop).filter(([symbol]) => wanted.has(symbol)));
    },

    async fetchDepth(symbol) {
      const query = { symbol, limit: SNAPSHOT_LEVELS };
      const { body } = await rest.get({ path: '/api/v3/depth', query, weight: 50, purpose: 'repair' });
      return parseDepthSnapshot(body, SNAPSHOT_LEVELS);
    },

    async fetchTrades({ symbol, fromId, limit }) {
      const { body } = await rest.get({ path: '/api/v3/aggTrades', query: { symbol, fromId, limit }, weight: 4, purpose: 'tape' });
      return parseTradeRows(body);
    },
  };
}

function readBookTop(row: unknown): [string, BookMark] {
  const top = row as Partial<Record<string, unknown>> | null;
  const { symbol, bidPrice, bidQty: bidSize, askPrice, askQty: askSize } = top ?? {};
  if (typeof symbol !== 'string' || !isAmount(bidPrice) || !isAmount(bidSize) || !isAmount(askPrice) || !isAmount(askSize)) {
    throw unavailable('bookTicker answered with something that is not a top of the book');
  }
  return [symbol, { bidPrice, bidSize, askPrice, askSize }];
}

function newest(rows: readonly CandleRow[]): CandleRow | undefined {
  return rows.at(-1);
}
