// pg, not Prisma: counts minutes by bucket where the rows are.
import { type EpochMs, type Interval, intervalMs, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

/** Stored minutes outside recorded gaps, plus the minutes of recorded gaps, make a full bucket. Unresolved gaps do not overlap. */
const FULL = {
  name: 'candles-full-buckets',
  text: `
    select b.open_time as "openTime"
    from unnest($2::timestamptz[]) as b (open_time)
    cross join lateral (select b.open_time + make_interval(secs => $3::integer) as close_time) e
    cross join lateral (
      select count(distinct date_bin('1 minute', c.open_time, timestamptz '2000-01-03 00:00+00')) as stored from candle_1m c
      where c.instrument_id = $1::integer and c.open_time >= b.open_time and c.open_time < e.close_time
        and not exists (select from gap g where g.instrument_id = $1::integer and g.reason <> 'PENDING' and g.resolved_at is null
                        and g.from_time <= c.open_time and g.to_time > c.open_time)) m
    cross join lateral (
      select coalesce(sum(date_part('epoch', least(g.to_time, e.close_time) - greatest(g.from_time, b.open_time)) / 60), 0) as excused from gap g
      where g.instrument_id = $1::integer and g.reason <> 'PENDING' and g.resolved_at is null
        and g.from_time < e.close_time and g.to_time > b.open_time) x
    where m.stored + x.excused >= $3::integer / 60`,
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
