import { ROLLUP_LADDER, type TimeRange } from '@candlecast/domain';
import type { World } from '../world/world.ts';

const ORIGIN = `timestamptz '2000-01-03 00:00+00'`;
const VALUES = [
  'open',
  'high',
  'low',
  'close',
  'base_volume',
  'quote_volume',
  'trade_count',
  'taker_buy_base_volume',
  'taker_buy_quote_volume',
  'first_trade_id',
  'last_trade_id',
  'revision',
];

/** Compares every stored roll-up that overlaps `range` with one made anew from the minutes, to the last digit. Returns what is wrong. */
export async function checkRollups(world: World, range: TimeRange): Promise<string[]> {
  const found: string[] = [];
  for (const { interval } of ROLLUP_LADDER) {
    const rows = await world.query<{ name: string; stored: string | null; made: string | null }>(statementOf(interval), [
      range.from,
      range.to,
    ]);
    found.push(...rows.map(({ name, stored, made }) => `roll-up ${interval} of ${name}: stored ${stored}, from the minutes ${made}`));
  }
  return found;
}

/** Written apart from the product's own folding: straight from the minutes, not level by level. */
function statementOf(interval: string): string {
  const whole = (column: string) => `case when count(*) filter (where ${column} is null) = 0 then sum(${column}) end`;
  const id = (fold: string, column: string) =>
    `case when count(*) filter (where ${column} is null) = 0 then coalesce(${fold}(${column}) filter (where ${column} >= 0), -1) end`;
  const fields = (name: string) => VALUES.map((column) => `${name}.${column}::text`).join(', ');
  return `
    with level as (select width from candle_level where name = '${interval}'),
    span as (
      select date_bin(width, to_timestamp($1::float8 / 1000), ${ORIGIN}) as lower,
        date_bin(width, to_timestamp($2::float8 / 1000) - interval '1 microsecond', ${ORIGIN}) + width as upper
      from level),
    made as (
      select instrument_id, date_bin((select width from level), open_time, ${ORIGIN}) as bucket,
        (array_agg(open order by open_time))[1] as open, max(high) as high, min(low) as low,
        (array_agg(close order by open_time desc))[1] as close, sum(base_volume) as base_volume,
        ${whole('quote_volume')} as quote_volume, ${whole('trade_count')} as trade_count,
        ${whole('taker_buy_base_volume')} as taker_buy_base_volume, ${whole('taker_buy_quote_volume')} as taker_buy_quote_volume,
        ${id('min', 'first_trade_id')} as first_trade_id, ${id('max', 'last_trade_id')} as last_trade_id, sum(revision) as revision
      from candle_1m, span where open_time >= lower and open_time < upper group by 1, 2),
    stored as (
      select instrument_id, open_time as bucket, ${VALUES.join(', ')} from candle_${interval}, span
      where open_time >= lower and open_time < upper)
    select i.symbol || ' ' || bucket as name, case when s is not null then row(${fields('s')})::text end as stored,
      case when m is not null then row(${fields('m')})::text end as made
    from stored s full join made m using (instrument_id, bucket) join instrument i on i.id = instrument_id
    where row(${fields('s')}) is distinct from row(${fields('m')}) order by 1 limit 5`;
}
