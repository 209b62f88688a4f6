// pg, not Prisma: one lateral look-up an instrument; 1,600 instruments take some tens of milliseconds, `distinct on` many seconds.
import { type EpochMs, type InstrumentId, splitInstrumentId } from '@candlecast/domain';
import type { CandleRow } from './candle-pages.ts';
import type { Session } from './session.ts';

/** The newest stored minute of an instrument, with what tells whether it was received live. */
export interface NewestCandleRow extends CandleRow {
  readonly instrumentId: InstrumentId;
  readonly liveSince: EpochMs | null;
}

/** The bound at the watermark spares a hypertable the look into every chunk. */
const FIND = {
  name: 'candles-newest-of-all',
  text: `
    select wanted.venue || ':' || wanted.symbol as "instrumentId", c.open_time as "openTime", c.open, c.high, c.low, c.close,
      c.base_volume as "baseVolume", c.quote_volume as "quoteVolume", c.trade_count as "tradeCount",
      c.taker_buy_base_volume as "takerBuyBaseVolume", c.taker_buy_quote_volume as "takerBuyQuoteVolume",
      c.first_trade_id as "firstTradeId", c.last_trade_id as "lastTradeId", c.revision, c.known_at as "knownAt",
      i.live_since as "liveSince"
    from unnest($1::text[], $2::text[]) with ordinality as wanted (venue, symbol, n)
    join instrument i using (venue, symbol)
    cross join lateral (
      select * from candle_1m c
      where c.instrument_id = i.id and c.open_time >= coalesce(i.watermark, i.first_open_time)
      order by c.open_time desc limit 1) c
    order by wanted.n`,
};

/** Returns the newest minute of each instrument that has one, in the order of `ids`. */
export function findNewestRows(session: Pick<Session, 'run'>, ids: readonly InstrumentId[]): Promise<NewestCandleRow[]> {
  const parts = ids.map(splitInstrumentId);
  return session.run<NewestCandleRow>(FIND, [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol)]);
}
