// pg, not Prisma: the log's one statement takes these parts, so that its candles and its place are of one moment.
import { closeTimeOf, type EpochMs, INTERVALS, intervalMs, type TimeRange, toIso } from '@candlecast/domain';
import type { CandleEvent } from '../plan-candle-events.ts';
import { type FoldSource, isLong, planFoldSources, type Unsettled } from '../plan-fold-sources.ts';
import { toArrayText, toTimesText } from './array-text.ts';
import type { Session } from './session.ts';

const UNSETTLED = {
  name: 'rollup-unsettled',
  text: `select level, first_time as first, last_time as last from rollup_unsettled($1::timestamptz, $2::timestamptz)`,
};

/**
 * Returns what `events` that are an hour or longer are to be made from. What is said of other writers' minutes holds until the transaction
 * ends, for it has the locks of the series.
 */
export async function findFoldSources(
  session: Session,
  events: readonly CandleEvent[],
  changed: readonly EpochMs[],
): Promise<FoldSource[]> {
  const long = events.filter(({ interval }) => isLong(interval));
  const span = spanOf(long);
  const unsettled = await session.run<Unsettled>(UNSETTLED, [toIso(span.from), toIso(span.to)]);
  return planFoldSources(long, unsettled, changed);
}

/** The first open time and the end of candles, of which there is one at least. */
export function spanOf(candles: readonly Pick<CandleEvent, 'openTime' | 'interval'>[]): TimeRange {
  return joinRanges(candles.map(({ openTime, interval }) => ({ from: openTime, to: closeTimeOf(openTime, interval) })));
}

/** The span from the first beginning to the last end. */
export function joinRanges(ranges: readonly TimeRange[]): TimeRange {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const range of ranges) [from, to] = [Math.min(from, range.from), Math.max(to, range.to)];
  return { from: from as EpochMs, to: to as EpochMs };
}

/** Returns the parameters that `longFolds` takes. */
export function toSourceParameters(sources: readonly FoldSource[]): string[] {
  return [
    toArrayText(sources.map(({ source }) => source)),
    toTimesText(sources.map(({ from }) => from)),
    toTimesText(sources.map(({ to }) => to)),
    toArrayText(sources.map(({ isInDay }) => `${isInDay}`)),
  ];
}

const OPTIONAL = ['quote_volume', 'trade_count', 'taker_buy_base_volume', 'taker_buy_quote_volume'];
const FOLDED = `
  first(p.open, p.open_time) as open, max(p.high) as high, min(p.low) as low, last(p.close, p.open_time) as close, sum(p.base_volume) as base_volume,
  ${OPTIONAL.map((name) => `case when count(p.${name}) = count(*) then sum(p.${name}) end as ${name}`).join(', ')},
  case when count(p.first_trade_id) = count(*)
    then coalesce(min(case when p.first_trade_id >= 0 then p.first_trade_id end), -1) end as first_trade_id,
  case when count(p.last_trade_id) = count(*)
    then coalesce(max(case when p.last_trade_id >= 0 then p.last_trade_id end), -1) end as last_trade_id,
  sum(p.revision)::integer as revision, max(p.known_at) as known_at`;

/** The seconds of `interval`, as SQL. */
export const widthOf = (interval: string) => `
  make_interval(secs => case ${interval} ${INTERVALS.map((name) => `when '${name}' then ${intervalMs(name) / 1_000}`).join(' ')} end)`;
/** The intervals of an hour and longer, as a list in SQL. */
export const LONG_INTERVALS = `('${INTERVALS.filter(isLong).join("', '")}')`;

/**
 * The queries of a `with` that make `folded`: the candles of `wanted` that are an hour or longer, by `n`. Hours that are made from minutes
 * are made once a series, however many candles they are in. `sources` are the first of four parameters, `bounds` lie around the minutes.
 */
export const longFolds = (sources: readonly string[], bounds: readonly string[]) => `
    source as materialized (
      select * from unnest(${sources[0]}::text[], ${sources[1]}::timestamptz[], ${sources[2]}::timestamptz[], ${sources[3]}::boolean[])
        as s (name, from_time, to_time, is_in_day)
    ),
    bucket as materialized (
      select e.n, e.series_id, e.open_time, e.open_time + ${widthOf('e.interval')} as close_time, e.interval in ('1d', '1w') as has_days
      from wanted e where e.interval in ${LONG_INTERVALS}
    ),
    share as materialized (
      select b.n, b.series_id, s.name, greatest(b.open_time, s.from_time) as from_time, least(b.close_time, s.to_time) as to_time
      from bucket b join source s on s.from_time < b.close_time and s.to_time > b.open_time
        and case when b.has_days then not s.is_in_day else s.name <> '1d' end
    ),
    hour as materialized (
      select c.* from (
        select distinct s.series_id, h.at from share s
        cross join lateral generate_series(s.from_time, s.to_time - interval '1 hour', interval '1 hour') as h (at) where s.name = '1m') t
      cross join lateral candle_of_minutes(t.series_id, t.at, t.at + interval '1 hour', ${bounds[0]}::timestamptz, ${bounds[1]}::timestamptz) c
    ),
    part as (
      select s.n, c.* from share s cross join lateral candle_1d_materialised(s.series_id, s.from_time, s.to_time) c where s.name = '1d'
      union all
      select s.n, c.* from share s cross join lateral candle_1h_materialised(s.series_id, s.from_time, s.to_time) c where s.name = '1h'
      union all
      select s.n, c.* from share s
      join hour c on c.instrument_id = s.series_id and c.open_time >= s.from_time and c.open_time < s.to_time where s.name = '1m'
    ),
    folded as (
      select b.series_id as instrument_id, b.open_time, f.*
      from (select p.n, ${FOLDED} from part p group by p.n) f join bucket b using (n)
    )`;
