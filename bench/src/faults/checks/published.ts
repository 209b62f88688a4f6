import type { CandleValues, Decimal } from '@candlecast/domain';
import { ROLLUP_LADDER, type TimeRange } from '@candlecast/domain';
import type { World } from '../world/world.ts';

/** A candle as the log carries it, or as a relation holds it. */
export interface NamedCandle extends CandleValues {
  /** `SIM:BTCUSDT@5m`. */
  readonly key: string;
  readonly revision: number;
  /** Transaction that wrote the log row, or the 1m row as it is now. */
  readonly writtenBy: string | null;
}

/** An entry of the log; those that are not about one candle have none. */
export interface LogEntryRow {
  readonly seq: number;
  readonly topic: string;
  readonly candle: NamedCandle | undefined;
}

/** All stored intervals, finest first. */
export const STORED = ['1m', ...ROLLUP_LADDER.map(({ interval }) => interval)];

/** Returns what was logged in `epoch` after `seq`, in order. */
export async function findEntries(world: World, epoch: string, seq: number): Promise<LogEntryRow[]> {
  const rows = await world.query<{
    seq: number;
    topic: string;
    key: string;
    candle: CandleValues & { revision: number };
    writtenBy: string;
  }>(
    `select seq::float8, topic, key, payload -> 'candle' as candle, xmin::text as "writtenBy"
     from event_log where epoch = $1::uuid and seq > $2::bigint order by seq`,
    [epoch, seq],
  );
  return rows.map(({ seq: number, topic, key, candle, writtenBy }) => ({
    seq: number,
    topic,
    candle: candle ? { ...candle, key, writtenBy } : undefined,
  }));
}

/** Returns the candles of an interval that open in `range`, with what the series they belong to says about it. */
export function findRelation(
  world: World,
  interval: string,
  { from, to }: TimeRange,
): Promise<(NamedCandle & { readonly closeTime: number; readonly isLive: boolean; readonly isClosed: boolean })[]> {
  const closeTime = `(c.open_time + ${interval === '1m' ? `interval '1 minute'` : `(select width from candle_level where name = '${interval}')`})`;
  return world.query(
    `select i.venue || ':' || i.symbol || '@${interval}' as key, (extract(epoch from c.open_time) * 1000)::float8 as "openTime",
       (extract(epoch from ${closeTime}) * 1000)::float8 as "closeTime", c.open::text, c.high::text, c.low::text, c.close::text,
       c.base_volume::text as "baseVolume", c.quote_volume::text as "quoteVolume", c.trade_count::float8 as "tradeCount",
       c.taker_buy_base_volume::text as "takerBuyBaseVolume", c.taker_buy_quote_volume::text as "takerBuyQuoteVolume",
       c.first_trade_id::float8 as "firstTradeId", c.last_trade_id::float8 as "lastTradeId", c.revision,
       ${interval === '1m' ? 'c.xmin::text' : 'null'} as "writtenBy", ${closeTime} > i.live_since as "isLive",
       ${closeTime} <= i.watermark + interval '1 minute' as "isClosed"
     from candle_${interval} c join instrument i on i.id = c.instrument_id
     where c.open_time >= to_timestamp($1::float8 / 1000) and c.open_time < to_timestamp($2::float8 / 1000)`,
    [from, to],
  );
}

const TEXTS = ['open', 'high', 'low', 'close', 'baseVolume', 'quoteVolume', 'takerBuyBaseVolume', 'takerBuyQuoteVolume'] as const;

/** Tells in which fields two views of a candle differ, to the last digit; trade ids aside, which may come later. */
export function differingFields(
  a: CandleValues & { readonly revision?: number },
  b: CandleValues & { readonly revision?: number },
): { readonly field: string; readonly values: readonly (Decimal | number | null | undefined)[] }[] {
  return [...TEXTS, 'tradeCount' as const, 'revision' as const]
    .filter((field) => (field !== 'revision' || (a.revision !== undefined && b.revision !== undefined)) && a[field] !== b[field])
    .map((field) => ({ field, values: [a[field], b[field]] }));
}
