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
 * Returns what those of `events` that are an hour or longer are to be made from. What is said of other writers' minutes holds until the transaction
 * ends, for it has the locks of the series.
 */
export async function findFoldSources(
  session: Session,
  events: readonly CandleEvent[],
  changed: readonly EpochMs[],
): Promise<FoldSource[]> {
  const long = events.filter(({ interval }) => isLong(interval));
  if (long.length === 0) return [];
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

/** Returns the parameters that `folds` takes. */
export function toSourceParameters(sources: readonly FoldSource[]): string[] {
  return [
    toArrayText(sources.map(({ source }) => source)),
    toTimesText(sources.map(({ from }) => from)),
    toTimesText(sources.map(({ to }) => to)),
    toArrayText(sources.map(({ isInDay }) => `${isInDay}`)),
  ];
}

const OPTIONAL = ['quote_volume', 'trade_count', 'taker_buy_base_volume', 'taker_buy_quote_volume'];

/** Candles `p` as one: what `over` spans, or a group where it is empty. A row without an `open_time` is no candle. */
const folded = (over: string) => {
  const whole = (column: string) => `count(p.${column})${over} = count(p.open_time)${over}`;
  return `
  first(p.open, p.open_time)${over} as open, max(p.high)${over} as high, min(p.low)${over} as low, last(p.close, p.open_time)${over} as close,
  sum(p.base_volume)${over} as base_volume,
  ${OPTIONAL.map((name) => `case when ${whole(name)} then sum(p.${name})${over} end as ${name}`).join(', ')},
  case when ${whole('first_trade_id')} then coalesce(min(case when p.first_trade_id >= 0 then p.first_trade_id end)${over}, -1) end as first_trade_id,
  case when ${whole('last_trade_id')} then coalesce(max(case when p.last_trade_id >= 0 then p.last_trade_id end)${over}, -1) end as last_trade_id,
  sum(p.revision)${over}::integer as revision, max(p.known_at)${over} as known_at`;
};

/** The seconds of `interval`, as SQL. */
const widthOf = (interval: string) => `
  make_interval(secs => case ${interval} ${INTERVALS.map((name) => `when '${name}' then ${intervalMs(name) / 1_000}`).join(' ')} end)`;
const LONG_INTERVALS = `('${INTERVALS.filter(isLong).join("', '")}')`;

/**
 * The queries of a `with` that make `folded`: the candles of `wanted` that are longer than a minute, by `n`. Where several of a series end
 * together, each is made of the next shorter one and of its own ring, the time before that one, so that nothing is read or added up twice: at a
 * week's end eleven candles end at once in every series. `sources` are the first of four parameters, `bounds` lie around the minutes.
 */
export const folds = (sources: readonly string[], bounds: readonly string[]) => `
    source as materialized (
      select * from unnest(${sources[0]}::text[], ${sources[1]}::timestamptz[], ${sources[2]}::timestamptz[], ${sources[3]}::boolean[])
        as s (name, from_time, to_time, is_in_day)
    ),
    bucket as materialized (
      select e.n, e.series_id, e.open_time, e.open_time + ${widthOf('e.interval')} as close_time,
        e.interval in ${LONG_INTERVALS} as is_long, e.interval in ('1d', '1w') as has_days
      from wanted e where e.interval <> '1m'
    ),
    -- Candles that are made alike towards their end: of minutes, of days, or of hours.
    chained as materialized (
      select b.*, case
        when not b.is_long or exists (
          select from source s where s.name = '1m' and s.from_time < b.close_time and s.to_time >= b.close_time and not (b.has_days and s.is_in_day))
          then '1m'
        when b.has_days and exists (select from source s where s.name = '1d' and s.from_time < b.close_time and s.to_time >= b.close_time) then '1d'
        else '1h' end as chain
      from bucket b
    ),
    ring as materialized (
      select c.*, coalesce(lag(c.open_time) over (partition by c.series_id, c.close_time, c.chain order by c.open_time desc), c.close_time) as ring_to
      from chained c
    ),
    share as materialized (
      select r.n, r.series_id, s.name, greatest(r.open_time, s.from_time) as from_time, least(r.ring_to, s.to_time) as to_time
      from ring r join source s on s.from_time < r.ring_to and s.to_time > r.open_time
        and case when r.has_days then not s.is_in_day else s.name <> '1d' end
      where r.is_long
      union all
      select r.n, r.series_id, '1m', r.open_time, r.ring_to from ring r where not r.is_long
    ),
    minutes as materialized (
      select s.*, s.from_time = date_trunc('hour', s.from_time) and s.to_time = date_trunc('hour', s.to_time) as is_whole from share s where s.name = '1m'
    ),
    -- Whole hours are made from minutes once a series, however many candles they are in.
    hour as materialized (
      select c.* from (
        select distinct m.series_id, h.at from minutes m
        cross join lateral generate_series(m.from_time, m.to_time - interval '1 hour', interval '1 hour') as h (at) where m.is_whole) t
      cross join lateral candle_of_minutes(t.series_id, t.at, t.at + interval '1 hour', ${bounds[0]}::timestamptz, ${bounds[1]}::timestamptz) c
    ),
    part as (
      select s.n, c.* from share s cross join lateral candle_1d_materialised(s.series_id, s.from_time, s.to_time) c where s.name = '1d'
      union all
      select s.n, c.* from share s cross join lateral candle_1h_materialised(s.series_id, s.from_time, s.to_time) c where s.name = '1h'
      union all
      select m.n, c.* from minutes m
      join hour c on c.instrument_id = m.series_id and c.open_time >= m.from_time and c.open_time < m.to_time where m.is_whole
      union all
      select m.n, c.* from minutes m
      join candle_1m c on c.instrument_id = m.series_id and c.open_time >= m.from_time and c.open_time < m.to_time
        and c.open_time >= ${bounds[0]}::timestamptz and c.open_time < ${bounds[1]}::timestamptz
      where not m.is_whole
    ),
    folded as (
      select * from (
        select r.n, r.open_time, count(p.open_time) over w as rings, ${folded(' over w')}
        from ring r left join (select p.n, min(p.open_time) as open_time, ${folded('')} from part p group by p.n) p on p.n = r.n
        window w as (partition by r.series_id, r.close_time, r.chain order by r.open_time desc rows unbounded preceding)) f
      where f.rings > 0
    )`;
