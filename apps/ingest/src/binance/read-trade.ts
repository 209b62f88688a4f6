import type { EpochMs } from '@candlecast/domain';
import type { TradeValues } from '../exchange.ts';
import { isAmount, isId, isTime } from './check-candle.ts';
import { unavailable } from './exchange-error.ts';

/** Why a trade is not taken. */
export type TradeFault = 'shape' | 'time' | 'price' | 'amount' | 'count';

/** Returns the trade that an event or a row of aggTrades says, with its decimals as they were sent, or what is wrong with it. */
export function readTrade(fields: { readonly [name: string]: unknown }): TradeValues | TradeFault {
  const { a, p, q, f, l, T, m } = fields;
  if (typeof m !== 'boolean') return 'shape';
  if (!isTime(T)) return 'time';
  if (!isAmount(p)) return 'price';
  if (!isAmount(q)) return 'amount';
  if (!isId(a) || !isId(f) || !isId(l) || l < f) return 'count';
  return {
    aggTradeId: a,
    tradeTime: T as EpochMs,
    price: p,
    size: q,
    firstTradeId: f,
    lastTradeId: l,
    // `m`: the buyer was the maker, so it was the seller who took.
    takerSide: m ? 'SELL' : 'BUY',
  };
}

/** Reads the rows of /api/v3/aggTrades. Throws a retryable error when one of them is not a trade: a cut or garbled reply. */
export function parseTradeRows(body: unknown): TradeValues[] {
  if (!Array.isArray(body)) throw unavailable('aggTrades did not answer with a list');
  return body.map((row: unknown) => {
    const trade = typeof row === 'object' && row !== null ? readTrade({ ...row }) : 'shape';
    if (typeof trade !== 'string') return trade;
    throw unavailable(`aggTrades answered with a wrong ${trade} in row ${JSON.stringify(row)?.slice(0, 200)}`);
  });
}
