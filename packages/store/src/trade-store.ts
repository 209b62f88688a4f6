import type { InstrumentId, Trade, TradeReader, TradeWriter } from '@candlecast/domain';
import type { Database } from './database.ts';
import { createSeriesIds } from './series-ids.ts';
import { findTradeRows, findTradeRowsBefore, insertTrades, type TradeRow } from './sql/trades.ts';

/** Returns the writer of trades. */
export function createTradeWriter({ sessions }: Pick<Database, 'sessions'>): TradeWriter {
  const ids = createSeriesIds(sessions);
  return {
    async storeTrades(trades) {
      return insertTrades(sessions, trades, await ids.load(trades.map(({ instrumentId }) => instrumentId)));
    },
  };
}

/** Returns the reader of trades. */
export function createTradeReader({ sessions }: Pick<Database, 'sessions'>): TradeReader {
  const ids = createSeriesIds(sessions);
  return {
    async findTrades(query) {
      const known = await ids.find([query.instrumentId]);
      const [seriesId] = known.keys();
      return seriesId === undefined ? [] : (await findTradeRows(sessions, seriesId, query)).map((row) => toTrade(row, known));
    },
    async findTradesBefore(trades, since) {
      const known = await ids.find(trades.map(({ instrumentId }) => instrumentId));
      const seriesIdOf = new Map([...known].map(([seriesId, id]) => [id, seriesId]));
      const places = trades.flatMap(({ instrumentId, tradeTime, aggTradeId }) => {
        const seriesId = seriesIdOf.get(instrumentId);
        return seriesId === undefined ? [] : [{ seriesId, tradeTime, aggTradeId }];
      });
      return (await findTradeRowsBefore(sessions, places, since)).map((row) => toTrade(row, known));
    },
  };
}

function toTrade({ seriesId, ...trade }: TradeRow, known: ReadonlyMap<number, InstrumentId>): Trade {
  return { instrumentId: known.get(seriesId) as InstrumentId, ...trade };
}
