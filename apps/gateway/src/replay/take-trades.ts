import { type EpochMs, type InstrumentId, TRADES_PER_UPDATE, type Trade, type TradeReader } from '@candlecast/domain';
import type { ShownTrade } from '../market/trade-tape.ts';

/**
 * Returns what takes the trades since the last look, from `start` on: of each instrument the newest, as many as an update of the live stream holds. How
 * many were left out before them is told by the exchange's numbers, which have no hole.
 */
export function createTradeTaker(trades: Pick<TradeReader, 'findTrades'>, ids: readonly InstrumentId[], start: EpochMs) {
  const newest = new Map<InstrumentId, Trade>();
  let from = start;

  return async (now: EpochMs): Promise<ShownTrade[]> => {
    if (now <= from) return [];
    const range = { from, to: now };
    const found = await Promise.all(
      ids.map(async (instrumentId) => {
        const some = await trades.findTrades({ instrumentId, range, limit: TRADES_PER_UPDATE, take: 'newest' });
        const last = newest.get(instrumentId);
        const fresh = some.filter(({ aggTradeId }) => last === undefined || aggTradeId > last.aggTradeId);
        const end = fresh.at(-1);
        if (end) newest.set(instrumentId, end);
        return fresh.map((trade, n) => ({ ...trade, leftOut: n === 0 && last ? trade.aggTradeId - last.aggTradeId - 1 : 0 }));
      }),
    );
    from = now;
    return found.flat().sort((a, b) => a.tradeTime - b.tradeTime);
  };
}
