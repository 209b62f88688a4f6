// pg, not Prisma: versions of minutes are picked and added up where the rows are.
import { type CandleQuery, type EpochMs, type Interval, intervalMs, type TimeRange, toIso } from '@candlecast/domain';
import type { CandleRow } from './candle-pages.ts';
import type { Session, Statement } from './session.ts';

/** A candle as it was known. `minutes` is how many it was made of; null for one that is stored as it was known. */
export interface KnownRow extends CandleRow {
  readonly minutes: number | null;
}

const VALUES = `
  c.open, c.high, c.low, c.close, c.base_volume as "baseVolume", c.quote_volume as "quoteVolume", c.trade_count as "tradeCount",
  c.taker_buy_base_volume as "takerBuyBaseVolume", c.taker_buy_quote_volume as "takerBuyQuoteVolume",
  c.first_trade_id as "firstTradeId", c.last_trade_id as "lastTradeId", c.revision, c.known_at as "knownAt"`;

const MINUTES = `
  select c.open_time as "openTime", ${VALUES}, 1 as minutes
  from candle_1m_known($1::integer, $2::timestamptz, $3::timestamptz, $4::timestamptz) c`;

/**
 * A stored roll-up is as it was known when it had ended by then and nothing in it came later, or when it lies before the first live minute
 * (fetched as history: by event time). The others are made anew from the minutes that were known.
 */
function rollups(interval: Interval): string {
  const width = `make_interval(secs => ${intervalMs(interval) / 1_000})`;
  return `
    with stored as (
      select c.*, c.open_time + ${width} <= date_bin('1 minute', $4::timestamptz, timestamptz '2000-01-03 00:00+00')
        and (c.known_at <= $4::timestamptz or i.live_since is null or c.open_time + ${width} <= i.live_since) as "isWhole"
      from candle_${interval} c join instrument i on i.id = c.instrument_id
      where c.instrument_id = $1::integer and c.open_time >= $2::timestamptz and c.open_time < $3::timestamptz
        and c.open_time < $4::timestamptz
    )
    select c.open_time as "openTime", ${VALUES}, null::bigint as minutes from stored c where c."isWhole"
    union all
    select s.open_time, ${VALUES}, c.minutes
    from stored s cross join lateral candle_known(s.instrument_id, s.open_time, s.open_time + ${width}, $4::timestamptz) c
    where not s."isWhole"`;
}

function statement({ interval, take }: Pick<CandleQuery, 'interval' | 'take'>): Statement {
  return {
    name: `candles-known-${interval}-${take}`,
    text: `
      select * from (${interval === '1m' ? MINUTES : rollups(interval)}) page
      order by "openTime" ${take === 'newest' ? 'desc' : 'asc'} limit $5::integer`,
  };
}

/** Returns at most `limit` candles from one end of `range` as they were known at `at`, oldest first. */
export async function findKnownRows(
  session: Pick<Session, 'run'>,
  seriesId: number,
  query: CandleQuery,
  range: TimeRange,
  at: EpochMs,
): Promise<KnownRow[]> {
  const values = [seriesId, toIso(range.from), toIso(range.to), toIso(at), query.limit];
  const rows = await session.run<KnownRow>(statement(query), values);
  return query.take === 'newest' ? rows.reverse() : rows;
}

const PART = {
  name: 'candles-part',
  text: `
    select c.open_time as "openTime", ${VALUES}
    from candle_of_minutes($1::integer, $2::timestamptz, $3::timestamptz, $2::timestamptz, $3::timestamptz) c`,
};

/** Returns the minutes of `range` added up to one candle that opens at its beginning; undefined without minutes. */
export async function findPartRow(session: Pick<Session, 'run'>, seriesId: number, range: TimeRange): Promise<CandleRow | undefined> {
  const [row] = await session.run<CandleRow>(PART, [seriesId, toIso(range.from), toIso(range.to)]);
  return row;
}
