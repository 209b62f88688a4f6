// pg, not Prisma: one statement for all instruments, over versions of minutes.
import { type AsOf, type FreshnessRow, type InstrumentId, splitInstrumentId, toIso } from '@candlecast/domain';
import { gapsThen } from './gaps-then.ts';
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

const GAPS_THEN = gapsThen('$3');

/**
 * By what was known then, and by nothing that came later: the watermark is the newest known minute before the first one that was neither known nor
 * in a recorded gap, as the walk in series.ts has it. A minute of history was known when it had ended.
 */
const KNOWN = {
  name: 'freshness-known',
  text: `
    select i.venue || ':' || i.symbol as "instrumentId", seen.watermark, seen."lastKnownAt",
      (select count(*)::integer from ${GAPS_THEN} g where g.instrument_id = i.id and g.reason = 'PENDING') as "openGaps"
    ${WANTED}
    cross join lateral (
      with known as materialized (
        select c.open_time, c.known_at, date_bin('1 minute', c.open_time, ${ORIGIN}) as minute
        from candle_1m_known(i.id, $3::timestamptz - ${WEEK}, $3::timestamptz, $3::timestamptz) c
      ), newest as (
        select k.open_time, case when k.open_time >= i.live_since then k.known_at else k.open_time + interval '1 minute' end as known_at
        from known k order by k.open_time desc limit 1
      ), hole as (
        select min(h.from_time) as from_time
        from (
          select k.minute as to_time, interval '1 minute' + lag(k.minute, 1,
            case when i.live_since >= $3::timestamptz - ${WEEK} then date_bin('1 minute', i.live_since, ${ORIGIN}) - interval '1 minute' end
          ) over (order by k.minute) as from_time
          from known k where k.open_time >= coalesce(i.live_since, '-infinity')
        ) h
        where h.to_time - h.from_time > (
          select coalesce(sum(least(g.to_time, h.to_time) - greatest(g.from_time, h.from_time)), interval '0') from ${GAPS_THEN} g
          where h.to_time > h.from_time
            and g.instrument_id = i.id and g.reason <> 'PENDING' and g.from_time < h.to_time and g.to_time > h.from_time)
      )
      select (select max(k.open_time) from known k where k.minute < coalesce((select from_time from hole), 'infinity')) as watermark,
        (select known_at from newest) as "lastKnownAt"
    ) seen
    order by wanted.n`,
};

/** Returns how fresh the known ones of `ids` were, in their order. */
export function findPastFreshnessRows(session: Pick<Session, 'run'>, ids: readonly InstrumentId[], asOf: AsOf): Promise<FreshnessRow[]> {
  const parts = ids.map(splitInstrumentId);
  const values = [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol), toIso(asOf.at)];
  return session.run<FreshnessRow>(asOf.kind === 'knownAt' ? KNOWN : HAPPENED, values);
}
