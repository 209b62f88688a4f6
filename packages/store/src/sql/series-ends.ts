// pg, not Prisma: the ends of 1,600 series in three statements instead of 4,800.
import { type EpochMs, type Gap, type InstrumentId, type SeriesEnd, type SeriesStart, toIso } from '@candlecast/domain';
import { findSeries } from './series.ts';
import type { Session } from './session.ts';

const TIMES = {
  name: 'series-ends-times',
  text: `
    select w.id as "seriesId", c.open_time as "openTime"
    from unnest($1::integer[], $2::timestamptz[]) as w (id, start)
    join candle_1m c on c.instrument_id = w.id and c.open_time >= w.start and c.open_time < $3::timestamptz
    order by w.id, c.open_time`,
};

const GAPS = {
  name: 'series-ends-gaps',
  text: `
    select g.instrument_id as "seriesId", g.from_time as "from", g.to_time as "to", g.reason, g.first_seen_at as "firstSeenAt", g.attempts,
      g.last_attempt_at as "lastAttemptAt", g.resolved_at as "resolvedAt", g.resolution
    from unnest($1::integer[], $2::timestamptz[]) as w (id, start)
    join gap g on g.instrument_id = w.id and g.from_time < $3::timestamptz
      and (g.to_time > w.start or (g.reason = 'PENDING' and g.resolved_at is null))
    order by g.instrument_id, g.from_time, g.id`,
};

/** Returns the growing ends of the series that are known. */
export async function findSeriesEnds(
  session: Pick<Session, 'run'>,
  starts: readonly SeriesStart[],
  to: EpochMs,
): Promise<Map<InstrumentId, SeriesEnd>> {
  const series = await findSeries(
    session,
    starts.map(({ instrumentId }) => instrumentId),
  );
  const fromOf = new Map(starts.map(({ instrumentId, from }) => [instrumentId, from]));
  const ids = series.map(({ seriesId }) => seriesId);
  const froms = series.map(({ instrumentId }) => toIso(fromOf.get(instrumentId) ?? to));
  const times = await session.run<{ seriesId: number; openTime: EpochMs }>(TIMES, [ids, froms, toIso(to)]);
  const gaps = await session.run<Gap & { seriesId: number }>(GAPS, [ids, froms, toIso(to)]);
  const ends = new Map(series.map(({ seriesId }) => [seriesId, { openTimes: [] as EpochMs[], gaps: [] as Gap[] }]));
  for (const { seriesId, openTime } of times) ends.get(seriesId)?.openTimes.push(openTime);
  for (const { seriesId, ...gap } of gaps) ends.get(seriesId)?.gaps.push(gap);
  return new Map(series.map(({ seriesId, instrumentId }) => [instrumentId, ends.get(seriesId) ?? { openTimes: [], gaps: [] }]));
}
