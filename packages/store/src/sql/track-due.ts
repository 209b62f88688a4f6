// pg, not Prisma: what was due is counted from the calendar and the gaps instead of from the minutes.
import { dueEveryMs, type Horizon, horizonMs, type TrackQuery, toIso } from '@candlecast/domain';
import { gapsThen } from './gaps-then.ts';
import type { Session, Statement } from './session.ts';

type Reader = Pick<Session, 'run'>;

/** A record is that of a name: of the model $3 and the versions before it. */
export const VERSIONS = `(select o.id from model y join model o on o.name = y.name and o.id <= y.id where y.id = $3)`;
/** They, and the versions after it. */
const NAMESAKES = `(select o.id from model y join model o on o.name = y.name where y.id = $3)`;

/** Where it is read what decides on what was due. */
interface DueSources {
  readonly name: string;
  /** Rows of instrument_id, model_id, horizon, first_as_of, last_as_of: what was scored. */
  readonly scored: string;
  /** Rows of instrument_id, from_time, to_time: the gaps that stand. */
  readonly gaps: string;
  /** Up to when the minutes of the instrument `i` are all there, as a timestamptz. */
  readonly reached: string;
}

/**
 * What was due: every close on the horizon's grid, or on the hour while the instrument was forecast hourly, from the first that was issued on, up to
 * the newest whose target time has passed, but for those of minutes in recorded gaps. A version is due up to its last forecast once a younger one of
 * its name has scores there. $5 scored from, $6 now, in epoch milliseconds; $7 how long each of $4 is, $8 how often it is due.
 */
function dueStatement({ name, scored, gaps, reached }: DueSources): Statement {
  return {
    name,
    text: `
    with version as (
      select h.horizon, h.length_ms, h.every_ms, i.id, t.model_id, min(t.first_as_of) as first_as_of, max(t.last_as_of) as last_as_of
      from unnest($4::text[], $7::bigint[], $8::bigint[]) h (horizon, length_ms, every_ms)
      join instrument i on i.venue = $1 and ($2::text is null or i.symbol = $2)
      join ${scored} t on t.instrument_id = i.id and t.model_id in ${NAMESAKES} and t.horizon = h.horizon
      group by 1, 2, 3, 4, 5
    ),
    reached as materialized (select i.id, epoch_ms(${reached}) as at from instrument i where i.id in (select v.id from version v)),
    whole as (
      select v.horizon, v.every_ms, v.id, greatest(epoch_ms(v.first_as_of), $5::bigint - v.length_ms) - 1 as after,
        least($6::bigint - v.length_ms, r.at, case when v.is_past then epoch_ms(v.last_as_of) end) as until
      from (select v.*, lead(v.model_id) over (partition by v.id, v.horizon order by v.model_id) is not null as is_past from version v) v
      join reached r on r.id = v.id
      where v.model_id <= $3
    ),
    span as (
      select w.horizon, w.id, case when p.is_hourly then 3600000 else w.every_ms end as every_ms, greatest(w.after, epoch_ms(p.at) - 1) as after,
        least(w.until, epoch_ms(p.changed_at) - 1) as until
      from whole w
      cross join lateral (
        select a.is_hourly, a.at, lead(a.at) over (order by a.at) as changed_at
        from (select false, timestamptz 'epoch' union all select p.is_hourly, p.at from forecast_pace p where p.instrument_id = w.id) a (is_hourly, at)
      ) p
    )
    select s.horizon, coalesce(sum(greatest(0, s.until / s.every_ms - s.after / s.every_ms - g.closes)), 0)::integer as count
    from span s
    cross join lateral (
      select coalesce(sum(least(epoch_ms(g.to_time), s.until) / s.every_ms - greatest(epoch_ms(g.from_time), s.after) / s.every_ms), 0) as closes
      from ${gaps} g
      where g.instrument_id = s.id and epoch_ms(g.to_time) > s.after and epoch_ms(g.from_time) < s.until
    ) g
    where s.until > s.after
    group by 1`,
  };
}

const COUNT_DUE = dueStatement({
  name: 'track-count-due',
  scored: 'track_day',
  gaps: '(select instrument_id, from_time, to_time from gap where resolved_at is null)',
  reached: `i.watermark + interval '1 minute'`,
});

/** $9 is the moment. */
const GAPS_THEN = gapsThen('$9');

/** As it was known at a moment of the past. A minute of history was known when it had ended; a hole within the minutes stands in the ledger as PENDING. */
const COUNT_DUE_THEN = dueStatement({
  name: 'track-count-due-then',
  scored: `
    (select instrument_id, model_id, horizon, first_as_of, last_as_of from track_day where day < ($9::timestamptz at time zone 'UTC')::date
     union all
     select instrument_id, model_id, horizon, as_of, as_of from forecast_score
     where scored_at >= date_trunc('day', $9::timestamptz, 'UTC') and scored_at <= $9::timestamptz)`,
  gaps: GAPS_THEN,
  reached: `
    least(
      (select c.open_time + interval '1 minute' from candle_1m c
       where c.instrument_id = i.id and c.open_time < date_bin('1 minute', $9::timestamptz, timestamptz '2000-01-03 00:00+00')
         and (c.known_at <= $9::timestamptz or i.live_since is null or c.open_time < i.live_since
           or c.revision > 0 and exists (
             select from candle_revision v
             where v.instrument_id = c.instrument_id and v.open_time = c.open_time and v.known_at <= $9::timestamptz))
       order by c.open_time desc limit 1),
      (select min(g.from_time) from ${GAPS_THEN} g where g.instrument_id = i.id and g.reason = 'PENDING' and g.from_time >= i.live_since))`,
});

/** Returns how many forecasts were due, by horizon. */
export function countDue(session: Reader, query: TrackQuery): Promise<Map<Horizon, number>> {
  const { from, now, horizons, asOf } = query;
  const values = [...scopeOf(query), from, now, horizons.map(horizonMs), horizons.map(dueEveryMs)];
  return asOf?.kind === 'knownAt' ? count(session, COUNT_DUE_THEN, [...values, toIso(now)]) : count(session, COUNT_DUE, values);
}

/** $5 is now, $6 how often each of $4 is due. */
const COUNT_WAITING = {
  name: 'track-count-waiting',
  text: `
    select d.horizon, count(*)::integer as count
    from unnest($4::text[], $6::bigint[]) h (horizon, every_ms)
    join instrument i on i.venue = $1 and ($2::text is null or i.symbol = $2)
    join forecast_due d on d.instrument_id = i.id and d.horizon = h.horizon and d.model_id in ${VERSIONS}
    where d.target_time <= $5::timestamptz and epoch_ms(d.as_of) % h.every_ms = 0
    group by 1`,
};

/** Scored later than $5, or not at all, and stored by then. */
const COUNT_WAITING_THEN = {
  name: 'track-count-waiting-then',
  text: `
    select d.horizon, count(*)::integer as count
    from unnest($4::text[], $6::bigint[]) h (horizon, every_ms)
    join instrument i on i.venue = $1 and ($2::text is null or i.symbol = $2)
    join (
      select instrument_id, horizon, as_of, model_id, target_time from forecast_due
      union all
      select instrument_id, horizon, as_of, model_id, target_time from forecast_score
      where scored_at > $5::timestamptz and as_of >= $5::timestamptz - interval '40 days'
    ) d on d.instrument_id = i.id and d.horizon = h.horizon and d.model_id in ${VERSIONS}
    join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (d.instrument_id, d.horizon, d.as_of, d.model_id)
    where d.target_time <= $5::timestamptz and f.issued_at <= $5::timestamptz and epoch_ms(d.as_of) % h.every_ms = 0
    group by 1`,
};

/** Returns how many forecasts wait for their price although their target time has passed, by horizon. */
export function countWaiting(session: Reader, query: TrackQuery): Promise<Map<Horizon, number>> {
  const statement = query.asOf?.kind === 'knownAt' ? COUNT_WAITING_THEN : COUNT_WAITING;
  return count(session, statement, [...scopeOf(query), toIso(query.now), query.horizons.map(dueEveryMs)]);
}

/** $1 venue, $2 symbol or null, $3 model, $4 horizons. */
function scopeOf({ venue, symbol, modelId, horizons }: TrackQuery): unknown[] {
  return [venue, symbol ?? null, modelId, horizons];
}

async function count(session: Reader, statement: Statement, values: readonly unknown[]): Promise<Map<Horizon, number>> {
  const rows = await session.run<{ readonly horizon: Horizon; readonly count: number }>(statement, values);
  return new Map(rows.map((row) => [row.horizon, row.count]));
}
