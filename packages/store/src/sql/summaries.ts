// pg, not Prisma: one statement for all instruments with lateral joins, which Prisma cannot say; 11 full days take 4 ms.
import { type EpochMs, type InstrumentId, type MarketSummaryRow, splitInstrumentId, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

const ORIGIN = `timestamptz '2000-01-03 00:00+00'`;

/** Null where any part's is, as in the roll-ups. */
function sumOrNull(column: string): string {
  return `case when count(p.${column}) = count(*) then sum(p.${column}) end`;
}

/**
 * The 24 hours end at the last full minute before `asOf`. Whole hours come from candle_1h, the ragged ends from candle_1m, so that
 * an instrument costs at most 84 rows instead of 1,440 and nothing that happened after `asOf` slips in.
 */
const FIND = {
  name: 'summaries-find',
  text: `
    with day as (
      select d.to_time - interval '24 hours' as from_time, d.to_time,
        date_bin('1 hour', d.to_time - interval '24 hours' + interval '59 minutes', ${ORIGIN}) as first_hour,
        date_bin('1 hour', d.to_time, ${ORIGIN}) as last_hour
      from (select date_bin('1 minute', $3::timestamptz, ${ORIGIN}) as to_time) d
    )
    select i.venue || ':' || i.symbol as "instrumentId", coalesce(recent.close, older.close) as "lastPrice",
      coalesce(recent.open_time, older.open_time) + interval '1 minute' as "lastTime",
      total.open as "open24h", total.high as "high24h", total.low as "low24h", total.base_volume as "baseVolume24h",
      total.quote_volume as "quoteVolume24h", total.trade_count as "tradeCount24h",
      array_remove(array_append(hours.closes, case when recent.open_time >= day.last_hour then recent.close end), null) as sparkline
    from unnest($1::text[], $2::text[]) with ordinality as wanted (venue, symbol, n)
    join instrument i using (venue, symbol)
    cross join day
    left join lateral (
      select c.close, c.open_time from candle_1m c
      where c.instrument_id = i.id and c.open_time >= day.from_time and c.open_time < day.to_time
      order by c.open_time desc limit 1) recent on true
    left join lateral (
      select c.close, c.open_time from candle_1m c
      where recent.open_time is null and c.instrument_id = i.id and c.open_time >= i.first_open_time and c.open_time < day.from_time
      order by c.open_time desc limit 1) older on true
    cross join lateral (
      select (array_agg(p.open order by p.open_time))[1] as open, max(p.high) as high, min(p.low) as low, sum(p.base_volume) as base_volume,
        ${sumOrNull('quote_volume')} as quote_volume, (${sumOrNull('trade_count')})::bigint as trade_count
      from (
        select * from candle_1m c
        where c.instrument_id = i.id and c.open_time >= day.from_time and c.open_time < day.first_hour
        union all
        select * from candle_1h c
        where c.instrument_id = i.id and c.open_time >= day.first_hour and c.open_time < day.last_hour
        union all
        select * from candle_1m c
        where c.instrument_id = i.id and c.open_time >= day.last_hour and c.open_time < day.to_time
      ) p) total
    cross join lateral (
      select array_agg(c.close order by c.open_time) as closes from candle_1h c
      where c.instrument_id = i.id and c.open_time >= day.first_hour and c.open_time < day.last_hour) hours
    where recent.open_time is not null or older.open_time is not null
    order by wanted.n`,
};

/** From the minutes as they were known: roll-ups may hold what came later. */
const FIND_KNOWN = {
  name: 'summaries-known',
  text: `
    with day as (
      select d.to_time - interval '24 hours' as from_time, d.to_time
      from (select date_bin('1 minute', $3::timestamptz, ${ORIGIN}) as to_time) d
    )
    select i.venue || ':' || i.symbol as "instrumentId", coalesce(total.close, older.close) as "lastPrice",
      coalesce(total.last_time, older.open_time) + interval '1 minute' as "lastTime",
      total.open as "open24h", total.high as "high24h", total.low as "low24h", total.base_volume as "baseVolume24h",
      total.quote_volume as "quoteVolume24h", total.trade_count as "tradeCount24h", coalesce(hours.closes, '{}') as sparkline
    from unnest($1::text[], $2::text[]) with ordinality as wanted (venue, symbol, n)
    join instrument i using (venue, symbol)
    cross join day
    cross join lateral (
      select (array_agg(p.open order by p.open_time))[1] as open, max(p.high) as high, min(p.low) as low,
        (array_agg(p.close order by p.open_time desc))[1] as close, max(p.open_time) as last_time, sum(p.base_volume) as base_volume,
        ${sumOrNull('quote_volume')} as quote_volume, (${sumOrNull('trade_count')})::bigint as trade_count
      from candle_1m_known(i.id, day.from_time, day.to_time, $3::timestamptz) p) total
    left join lateral (
      select c.close, c.open_time from candle_1m_known(i.id, i.first_open_time, day.from_time, $3::timestamptz) c
      where total.last_time is null order by c.open_time desc limit 1) older on true
    cross join lateral (
      select array_agg(h.close order by h.hour) as closes from (
        select distinct on (1) date_bin('1 hour', p.open_time, ${ORIGIN}) as hour, p.close
        from candle_1m_known(i.id, date_bin('1 hour', day.from_time + interval '59 minutes', ${ORIGIN}), day.to_time, $3::timestamptz) p
        order by 1, p.open_time desc) h) hours
    where total.last_time is not null or older.open_time is not null
    order by wanted.n`,
};

/** Returns the summaries as they were known at `at`, in the order of `ids`; without a candle known by then there is none. */
export async function findKnownSummaryRows(
  session: Pick<Session, 'run'>,
  ids: readonly InstrumentId[],
  at: EpochMs,
): Promise<MarketSummaryRow[]> {
  const parts = ids.map(splitInstrumentId);
  return session.run<MarketSummaryRow>(FIND_KNOWN, [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol), toIso(at)]);
}

/** Returns the summaries of those instruments that have a candle before `asOf`, in the order of `ids`. */
export async function findSummaryRows(
  session: Pick<Session, 'run'>,
  ids: readonly InstrumentId[],
  asOf: EpochMs,
): Promise<MarketSummaryRow[]> {
  const parts = ids.map(splitInstrumentId);
  return session.run<MarketSummaryRow>(FIND, [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol), toIso(asOf)]);
}
