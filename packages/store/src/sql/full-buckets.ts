// pg, not Prisma: counts minutes by bucket where the rows are.
import { type EpochMs, type Interval, intervalMs, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

/** Stored minutes outside recorded gaps, plus the minutes of recorded gaps, make a full bucket. Unresolved gaps do not overlap. */
const FULL = {
  name: 'candles-full-buckets',
  text: `
    with wanted as (select open_time, open_time + make_interval(secs => $3::integer) as close_time from unnest($2::timestamptz[]) as b (open_time)),
    recorded as (
      select from_time, to_time from gap
      where instrument_id = $1::integer and reason <> 'PENDING' and resolved_at is null
        and from_time < (select max(close_time) from wanted) and to_time > (select min(open_time) from wanted)
    ), stored as (
      select date_bin(make_interval(secs => $3::integer), c.open_time, timestamptz '2000-01-03 00:00+00') as open_time,
        count(distinct date_bin('1 minute', c.open_time, timestamptz '2000-01-03 00:00+00')) as minutes
      from candle_1m c
      where c.instrument_id = $1::integer
        and c.open_time >= (select min(open_time) from wanted) and c.open_time < (select max(close_time) from wanted)
        and not exists (select from recorded g where g.from_time <= c.open_time and g.to_time > c.open_time)
      group by 1
    )
    select w.open_time as "openTime"
    from wanted w left join stored s using (open_time)
    cross join lateral (
      select sum(date_part('epoch', least(g.to_time, w.close_time) - greatest(g.from_time, w.open_time)) / 60) as minutes from recorded g
      where g.from_time < w.close_time and g.to_time > w.open_time) excused
    where coalesce(s.minutes, 0) + coalesce(excused.minutes, 0) >= $3::integer / 60`,
};

/** Returns those of the buckets of which every minute is stored or in a recorded gap. */
export async function findFullBuckets(
  session: Pick<Session, 'run'>,
  seriesId: number,
  interval: Interval,
  openTimes: readonly EpochMs[],
): Promise<Set<EpochMs>> {
  if (openTimes.length === 0) return new Set();
  const rows = await session.run<{ openTime: EpochMs }>(FULL, [seriesId, openTimes.map(toIso), intervalMs(interval) / 1_000]);
  return new Set(rows.map((row) => row.openTime));
}
