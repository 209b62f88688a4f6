import type { CandleValues, EpochMs, TimeRange } from '@candlecast/domain';
import { idOf, type World } from '../world/world.ts';

/** A stored 1m candle with what the store knows beside its values. */
export interface StoredCandle extends CandleValues {
  readonly revision: number;
}

/** A line of the gap ledger; times are epoch milliseconds. */
export interface StoredGap {
  readonly symbol: string;
  readonly from: number;
  readonly to: number;
  readonly reason: string;
  readonly firstSeenAt: number;
  readonly attempts: number;
  readonly isResolved: boolean;
}

/** How a series stands. */
export interface SeriesRow {
  readonly symbol: string;
  readonly state: string;
  readonly reason: string | null;
  readonly watermark: number | null;
  readonly liveSince: number | null;
  /** Where its history begins. */
  readonly firstOpenTime: number | null;
}

const MS = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** Returns the stored 1m candles of a series that open in `range`, oldest first; decimals as they are stored. Duplicates show. */
export function findStored(world: World, symbol: string, range: TimeRange): Promise<StoredCandle[]> {
  return world.query<StoredCandle>(
    `select ${MS('c.open_time')} as "openTime", c.open::text, c.high::text, c.low::text, c.close::text, c.base_volume::text as "baseVolume",
       c.quote_volume::text as "quoteVolume", c.trade_count::float8 as "tradeCount",
       c.taker_buy_base_volume::text as "takerBuyBaseVolume", c.taker_buy_quote_volume::text as "takerBuyQuoteVolume",
       c.first_trade_id::float8 as "firstTradeId", c.last_trade_id::float8 as "lastTradeId", c.revision
     from candle_1m c join instrument i on i.id = c.instrument_id
     where i.venue || ':' || i.symbol = $1 and c.open_time >= to_timestamp($2::float8 / 1000) and c.open_time < to_timestamp($3::float8 / 1000)
     order by c.open_time`,
    [idOf(symbol), range.from, range.to],
  );
}

/** Returns the gap ledger, oldest first. */
export function findGaps(world: World): Promise<StoredGap[]> {
  return world.query<StoredGap>(
    `select i.symbol, ${MS('g.from_time')} as "from", ${MS('g.to_time')} as "to", g.reason::text, ${MS('g.first_seen_at')} as "firstSeenAt",
       g.attempts, g.resolved_at is not null as "isResolved"
     from gap g join instrument i on i.id = g.instrument_id order by g.from_time`,
  );
}

/** Returns how the tracked series stand. */
export async function findSeries(world: World): Promise<SeriesRow[]> {
  const rows = await world.query<SeriesRow>(
    `select symbol, state::text, state_reason as reason, ${MS('watermark')} as watermark, ${MS('live_since')} as "liveSince",
       ${MS('first_open_time')} as "firstOpenTime" from instrument`,
  );
  return rows.filter(({ symbol }) => world.symbols.includes(symbol));
}

/** Returns the open time of the newest stored 1m candle of a pair. */
export async function findNewest(world: World, symbol: string): Promise<EpochMs | undefined> {
  const [row] = await world.query<{ newest: EpochMs | null }>(
    `select ${MS('max(c.open_time)')} as newest from candle_1m c join instrument i on i.id = c.instrument_id where i.venue || ':' || i.symbol = $1`,
    [idOf(symbol)],
  );
  return row?.newest ?? undefined;
}
