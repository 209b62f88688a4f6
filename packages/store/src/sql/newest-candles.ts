// pg, not Prisma: one lateral look-up an instrument; 1,600 instruments take some tens of milliseconds, `distinct on` many seconds.
import { addMs, DAY_MS, type EpochMs, type InstrumentId, splitInstrumentId, toIso } from '@candlecast/domain';
import type { CandleRow } from './candle-pages.ts';
import type { Session } from './session.ts';

/** The newest stored minute of an instrument, with what tells whether it was received live. */
export interface NewestCandleRow extends CandleRow {
  readonly instrumentId: InstrumentId;
  readonly liveSince: EpochMs | null;
}

const NEWEST = { name: 'candles-newest-watermark', text: 'select max(watermark) as newest from instrument' };

/** Nearly all series end within a day of the newest. */
const RECENT_MS = DAY_MS;

/**
 * The bound at the watermark spares a hypertable the look into every chunk, and that at `$3` the question for each instrument which chunks those are:
 * with 1,600 instruments and 60 chunks it took ten times as long as the rest.
 */
const FIND = {
  name: 'candles-newest-of-all',
  text: `
    with wanted as materialized (
      select w.n, i.id, i.venue, i.symbol, i.live_since, coalesce(i.watermark, i.first_open_time) as known_to
      from unnest($1::text[], $2::text[]) with ordinality as w (venue, symbol, n) join instrument i using (venue, symbol)
    )
    ${newestOf('w.known_to >= $3::timestamptz', 'and c.open_time >= $3::timestamptz')}
    union all
    ${newestOf('w.known_to < $3::timestamptz', '')}
    order by n`,
};

function newestOf(condition: string, bound: string): string {
  return `
    select w.n, w.venue || ':' || w.symbol as "instrumentId", c.open_time as "openTime", c.open, c.high, c.low, c.close,
      c.base_volume as "baseVolume", c.quote_volume as "quoteVolume", c.trade_count as "tradeCount",
      c.taker_buy_base_volume as "takerBuyBaseVolume", c.taker_buy_quote_volume as "takerBuyQuoteVolume",
      c.first_trade_id as "firstTradeId", c.last_trade_id as "lastTradeId", c.revision, c.known_at as "knownAt",
      w.live_since as "liveSince"
    from wanted w cross join lateral (
      select * from candle_1m c where c.instrument_id = w.id and c.open_time >= w.known_to ${bound}
      order by c.open_time desc limit 1) c
    where ${condition}`;
}

/** Returns the newest minute of each instrument that has one, in the order of `ids`. */
export async function findNewestRows(session: Pick<Session, 'run'>, ids: readonly InstrumentId[]): Promise<NewestCandleRow[]> {
  const [{ newest } = { newest: null }] = await session.run<{ newest: EpochMs | null }>(NEWEST);
  const recent = newest === null ? 'infinity' : toIso(addMs(newest, -RECENT_MS));
  const parts = ids.map(splitInstrumentId);
  const keys = [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol)];
  const rows = await session.run<NewestCandleRow & { readonly n: number }>(FIND, [...keys, recent]);
  return rows.map(({ n: _, ...row }) => row);
}
