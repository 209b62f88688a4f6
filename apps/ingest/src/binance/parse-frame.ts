import { type CandleValues, type Decimal, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import type { DepthChange } from '../book/order-book.ts';
import type { TradeValues } from '../exchange.ts';
import { type CandleFault, findFault, isAmount, isId, isTime, type RawCandle } from './check-candle.ts';
import { findLevelFault } from './read-depth.ts';
import { readTrade } from './read-trade.ts';

/** Why a frame is not used. */
export type Refusal = CandleFault | 'json' | 'shape' | 'event' | 'interval' | 'off_grid' | 'closed_early';

/** What one text frame of a connection says. Every frame is either understood or refused with a reason. */
export type Frame =
  | CandleFrame
  | BookFrame
  | TradeFrame
  | DepthFrame
  | { readonly kind: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number | null; readonly code: number; readonly message: string }
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'refused'; readonly reason: Refusal };

export interface CandleFrame {
  readonly kind: 'candle';
  /** Name of the stream; empty in raw mode. */
  readonly stream: string;
  readonly symbol: string;
  readonly exchangeTime: EpochMs;
  readonly isClosed: boolean;
  readonly candle: CandleValues;
}

export interface BookFrame {
  readonly kind: 'book';
  readonly stream: string;
  readonly symbol: string;
  readonly updateId: number;
  readonly bidPrice: Decimal;
  readonly bidSize: Decimal;
  readonly askPrice: Decimal;
  readonly askSize: Decimal;
}

export interface TradeFrame {
  readonly kind: 'trade';
  readonly stream: string;
  readonly symbol: string;
  readonly exchangeTime: EpochMs;
  readonly trade: TradeValues;
}

export interface DepthFrame {
  readonly kind: 'depth';
  readonly stream: string;
  readonly symbol: string;
  readonly exchangeTime: EpochMs;
  readonly change: DepthChange;
}

/** A frame of a stream that was subscribed. */
export type DataFrame = CandleFrame | BookFrame | TradeFrame | DepthFrame;

type Json = { readonly [key: string]: unknown };

/**
 * Reads a frame, combined ({"stream","data"}) or raw. Written by hand because it runs for every frame: decimals stay the text
 * that was sent, nothing is copied twice.
 */
export function parseFrame(text: string): Frame {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return refused('json');
  }
  if (!isObject(body)) return refused('shape');
  if (typeof body.stream !== 'string') return readBare(body);
  if (!isObject(body.data)) return refused('shape');
  return readEvent(body.data, body.stream);
}

function readBare(body: Json): Frame {
  if ('result' in body && Number.isSafeInteger(body.id)) return { kind: 'reply', id: body.id as number, result: body.result };
  const problem = isObject(body.error) ? body.error : body;
  if (Number.isSafeInteger(problem.code)) {
    const id = Number.isSafeInteger(body.id) ? (body.id as number) : null;
    return { kind: 'failure', id, code: problem.code as number, message: String(problem.msg) };
  }
  return readEvent(body, '');
}

function readEvent(data: Json, stream: string): Frame {
  switch (data.e) {
    case 'kline':
      return readCandle(data, stream);
    case 'aggTrade':
      return readTradeEvent(data, stream);
    case 'depthUpdate':
      return readDepth(data, stream);
    case 'serverShutdown':
      return { kind: 'shutdown' };
    // The spot book ticker names no event (the futures one does, and is not read here).
    case undefined:
      return 'u' in data && 'B' in data ? readBook(data, stream) : refused('shape');
    default:
      return refused('event');
  }
}

function readCandle(data: Json, stream: string): Frame {
  const { k } = data;
  if (!isObject(k) || typeof data.s !== 'string' || k.s !== data.s || typeof k.x !== 'boolean') return refused('shape');
  if (k.i !== '1m') return refused('interval');
  if (!isTime(data.E)) return refused('time');
  const raw: RawCandle = {
    openTime: k.t,
    open: k.o,
    high: k.h,
    low: k.l,
    close: k.c,
    baseVolume: k.v,
    quoteVolume: k.q,
    tradeCount: k.n,
    takerBuyBaseVolume: k.V,
    takerBuyQuoteVolume: k.Q,
    firstTradeId: k.f,
    lastTradeId: k.L,
  };
  const fault = findFault(raw);
  if (fault) return refused(fault);
  const candle = raw as CandleValues;
  // A row that ends within its minute opens on the grid and is a part of the minute only: all its rows are requested together.
  if (candle.openTime % MINUTE_MS !== 0 || k.T !== candle.openTime + MINUTE_MS - 1) return refused('off_grid');
  // The exchange's word counts only when its own time agrees; the candle is then fetched instead.
  if (k.x && data.E < candle.openTime + MINUTE_MS - 1) return refused('closed_early');
  return { kind: 'candle', stream, symbol: data.s, exchangeTime: data.E as EpochMs, isClosed: k.x, candle };
}

function readBook(data: Json, stream: string): Frame {
  const { u, s, b, B, a, A } = data;
  if (typeof s !== 'string' || !isId(u)) return refused('shape');
  if (!isAmount(b) || !isAmount(a)) return refused('price');
  if (!isAmount(B) || !isAmount(A)) return refused('amount');
  return { kind: 'book', stream, symbol: s, updateId: u, bidPrice: b, bidSize: B, askPrice: a, askSize: A };
}

function readTradeEvent(data: Json, stream: string): Frame {
  if (typeof data.s !== 'string') return refused('shape');
  if (!isTime(data.E)) return refused('time');
  const trade = readTrade(data);
  if (typeof trade === 'string') return refused(trade);
  return { kind: 'trade', stream, symbol: data.s, exchangeTime: data.E as EpochMs, trade };
}

function readDepth(data: Json, stream: string): Frame {
  // The futures markets number the updates of all pairs in one row and name the update before (`pu`).
  if ('pu' in data) return refused('event');
  const { s, E, U, u, b, a } = data;
  if (typeof s !== 'string' || !Array.isArray(b) || !Array.isArray(a)) return refused('shape');
  if (!isTime(E)) return refused('time');
  if (!isId(U) || !isId(u) || u < U) return refused('count');
  const fault = findLevelFault(b) ?? findLevelFault(a);
  if (fault) return refused(fault);
  const change = { firstUpdateId: U, lastUpdateId: u, bids: b, asks: a };
  return { kind: 'depth', stream, symbol: s, exchangeTime: E as EpochMs, change };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(reason: Refusal): Frame {
  return { kind: 'refused', reason };
}
