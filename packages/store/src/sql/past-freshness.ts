// pg, not Prisma: one statement for all instruments, over versions of minutes.
import { type AsOf, type FreshnessRow, type InstrumentId, splitInstrumentId, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

const WANTED = 'from unnest($1::text[], $2::text[]) with ordinality as wanted (venue, symbol, n) join instrument i using (venue, symbol)';
const ORIGIN = `timestamptz '2000-01-03 00:00+00'`;
/** How far before the moment a minute is looked for. */
const WEEK = `interval '7 days'`;

/** By today's knowledge: the newest minute that had ended, and the holes that are still being repaired and began before. */
const HAPPENED = {
  name: 'freshness-happened',
  text: `
    select i.venue || ':' || i.symbol as "instrumentId", least(i.watermark, newest.open_time) as watermark,
      newest.open_time + interval '1 minute' as "lastKnownAt",
      (select count(*)::integer from gap g
       where g.instrument_id = i.id and g.reason = 'PENDING' and g.resolved_at is null and g.from_time < $3::timestamptz) as "openGaps"
    ${WANTED}
    left join lateral (
      select c.open_time from candle_1m c
      where c.instrument_id = i.id and c.open_time >= $3::timestamptz - ${WEEK}
        and c.open_time < date_bin('1 minute', $3::timestamptz, ${ORIGIN})
      order by c.open_time desc limit 1) newest on true
    order by wanted.n`,
};

/**
 * By what was known then: nothing is missing up to the newest known minute before the first one that came later and was in no recorded gap
 * yet. A minute of history was known when it had ended.
 */
const KNOWN = {
  name: 'freshness-known',
  text: `
    select i.venue || ':' || i.symbol as "instrumentId", reached.open_time as watermark, newest.known_at as "lastKnownAt",
      (select count(*)::integer from gap g
       where g.instrument_id = i.id and g.reason = 'PENDING' and coalesce(g.recorded_at, g.last_attempt_at) <= $3::timestamptz
         and (g.resolved_at is null or g.resolved_at > $3::timestamptz))
      + (select count(*)::integer from gap_past g
         where g.instrument_id = i.id and g.reason = 'PENDING' and g.recorded_at <= $3::timestamptz and g.replaced_at > $3::timestamptz)
      as "openGaps"
    ${WANTED}
    left join lateral (
      select c.open_time, case when c.open_time >= i.live_since then c.known_at else c.open_time + interval '1 minute' end as known_at
      from candle_1m_known(i.id, $3::timestamptz - ${WEEK}, $3::timestamptz, $3::timestamptz) c
      order by c.open_time desc limit 1) newest on true
    left join lateral (
      select min(c.open_time) as open_time from candle_1m c
      where c.instrument_id = i.id and c.open_time >= greatest(i.live_since, $3::timestamptz - ${WEEK}) and c.open_time < newest.open_time
        and c.known_at > $3::timestamptz
        and not exists (select from candle_revision r
                        where r.instrument_id = c.instrument_id and r.open_time = c.open_time and r.known_at <= $3::timestamptz)
        and not exists (select from gap g where g.instrument_id = c.instrument_id and g.reason <> 'PENDING' and g.from_time <= c.open_time
                        and g.to_time > c.open_time and coalesce(g.recorded_at, g.last_attempt_at) <= $3::timestamptz)) late on true
    left join lateral (
      select c.open_time from candle_1m_known(i.id, $3::timestamptz - ${WEEK}, $3::timestamptz, $3::timestamptz) c
      where c.open_time < coalesce(late.open_time, 'infinity') order by c.open_time desc limit 1) reached on true
    order by wanted.n`,
};

/** Returns how fresh the known ones of `ids` were, in their order. */
export function findPastFreshnessRows(session: Pick<Session, 'run'>, ids: readonly InstrumentId[], asOf: AsOf): Promise<FreshnessRow[]> {
  const parts = ids.map(splitInstrumentId);
  const values = [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol), toIso(asOf.at)];
  return session.run<FreshnessRow>(asOf.kind === 'knownAt' ? KNOWN : HAPPENED, values);
}
