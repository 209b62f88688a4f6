// pg, not Prisma: sums over many rows, and what was due counted from the calendar and the gaps instead of from the minutes.
import {
  type AsOf,
  type BANDS,
  dueEveryMs,
  type Horizon,
  horizonMs,
  splitInstrumentId,
  type TrackDay,
  type TrackKey,
  type TrackQuery,
  type TrackRows,
  toIso,
} from '@candlecast/domain';
import type { Session } from './session.ts';
import { TRACK_COLUMNS, TRACK_SUMS } from './track-sums.ts';

type Reader = Pick<Session, 'run'>;

const SUMMED = TRACK_COLUMNS.map((column) => {
  const type = ['crps', 'crps_reference', 'abs_err', 'abs_err_naive', 'brier'].includes(column) ? 'double precision' : 'integer';
  return `sum(t.${column})::${type} as ${column}`;
}).join(', ');

/** A record is that of a name: of the model $3 and the versions before it. */
const VERSIONS = `(select o.id from model y join model o on o.name = y.name and o.id <= y.id where y.id = $3)`;

/** $1 venue, $2 symbol or null, $3 model, $4 horizons, $5 first day. */
const FIND_DAYS = {
  name: 'track-find-days',
  text: `
    select t.horizon, t.day::timestamptz as day, ${SUMMED}
    from track_day t join instrument i on i.id = t.instrument_id
    where i.venue = $1 and ($2::text is null or i.symbol = $2) and t.model_id in ${VERSIONS} and t.horizon = any ($4::text[]) and t.day >= $5::timestamptz::date
    group by 1, 2 order by 1, 2`,
};

/** As of a moment of the past: from the scores themselves. $6 known by then, $7 happened by then; one of them is infinity. $8 as $4: how often due. */
const FIND_DAYS_THEN = {
  name: 'track-find-days-then',
  text: `
    select horizon, day, ${TRACK_COLUMNS.join(', ')} from (
      select s.horizon, s.day, ${TRACK_SUMS}
      from (
        select s.*, (s.scored_at at time zone 'UTC')::date::timestamptz as day, f.ref_price::double precision as ref_price,
          epoch_ms(s.as_of) % d.every_ms = 0 as is_regular
        from unnest($4::text[], $8::bigint[]) d (horizon, every_ms)
        join instrument i on i.venue = $1 and ($2::text is null or i.symbol = $2)
        join forecast_score s on s.instrument_id = i.id and s.horizon = d.horizon and s.model_id in ${VERSIONS}
        join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (s.instrument_id, s.horizon, s.as_of, s.model_id)
        where s.scored_at >= $5::timestamptz and s.scored_at <= $6::timestamptz and s.target_time <= $7::timestamptz
      ) s group by 1, 2
    ) t (horizon, day, first_as_of, last_as_of, ${TRACK_COLUMNS.join(', ')})
    order by 1, 2`,
};

/**
 * What was due: every close on the horizon's grid, or on the hour while the instrument was forecast hourly, from the first that was issued on, up to
 * the newest whose target time has passed, but for those of minutes in recorded gaps. A version with a younger one of its name is due up to its last. $5 scored from, $6 now, in epoch
 * milliseconds; $7 how long each of $4 is, $8 how often it is due.
 */
const COUNT_DUE = {
  name: 'track-count-due',
  text: `
    with whole as (
      select h.horizon, h.every_ms, i.id,
        greatest(epoch_ms(min(t.first_as_of)), $5::bigint - h.length_ms) - 1 as after,
        least($6::bigint - h.length_ms, epoch_ms(i.watermark) + 60000, case when m.is_past then epoch_ms(max(t.last_as_of)) end) as until
      from unnest($4::text[], $7::bigint[], $8::bigint[]) h (horizon, length_ms, every_ms)
      join instrument i on i.venue = $1 and ($2::text is null or i.symbol = $2)
      join track_day t on t.instrument_id = i.id and t.model_id in ${VERSIONS} and t.horizon = h.horizon
      cross join lateral (select exists (select from model o join model y on y.name = o.name and y.id > o.id where o.id = t.model_id) as is_past) m
      group by h.horizon, h.every_ms, h.length_ms, i.id, i.watermark, t.model_id, m.is_past
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
    select s.horizon, coalesce(sum(greatest(0, s.until / s.every_ms - s.after / s.every_ms - g.closes)), 0)::bigint as due
    from span s
    cross join lateral (
      select coalesce(sum(least(epoch_ms(g.to_time), s.until) / s.every_ms - greatest(epoch_ms(g.from_time), s.after) / s.every_ms), 0) as closes
      from gap g
      where g.instrument_id = s.id and g.resolved_at is null and epoch_ms(g.to_time) > s.after and epoch_ms(g.from_time) < s.until
    ) g
    where s.until > s.after
    group by 1`,
};

/** $5 is now; scored later than that, or not at all. */
const COUNT_WAITING = {
  name: 'track-count-waiting',
  text: `
    select d.horizon, count(*)::integer as waiting
    from unnest($4::text[], $6::bigint[]) h (horizon, every_ms)
    join instrument i on i.venue = $1 and ($2::text is null or i.symbol = $2)
    join forecast_due d on d.instrument_id = i.id and d.horizon = h.horizon and d.model_id in ${VERSIONS}
    where d.target_time <= $5::timestamptz and epoch_ms(d.as_of) % h.every_ms = 0
    group by 1`,
};

const COUNT_WAITING_THEN = {
  name: 'track-count-waiting-then',
  text: `
    select s.horizon, count(*)::integer as waiting
    from unnest($4::text[], $6::bigint[]) h (horizon, every_ms)
    join instrument i on i.venue = $1 and ($2::text is null or i.symbol = $2)
    join forecast_score s on s.instrument_id = i.id and s.horizon = h.horizon and s.model_id in ${VERSIONS}
    where s.target_time <= $5::timestamptz and s.scored_at > $5::timestamptz and epoch_ms(s.as_of) % h.every_ms = 0
      and s.as_of >= $5::timestamptz - interval '40 days'
    group by 1`,
};

/** Returns the days of a model's record and what was due, by horizon, in the order asked for. */
export async function findTrackRows(session: Reader, query: TrackQuery): Promise<TrackRows[]> {
  const { venue, symbol = null, modelId, horizons, from, now, asOf } = query;
  const scope = [venue, symbol, modelId, horizons];
  const lengths = horizons.map(horizonMs);
  const every = horizons.map(dueEveryMs);
  const [days, due, waiting, past] = await Promise.all([
    asOf
      ? session.run<DayRow>(FIND_DAYS_THEN, [...scope, toIso(from), ...boundsOf(asOf), every])
      : session.run<DayRow>(FIND_DAYS, [...scope, toIso(from)]),
    session.run<{ horizon: Horizon; due: number }>(COUNT_DUE, [...scope, from, now, lengths, every]),
    session.run<{ horizon: Horizon; waiting: number }>(COUNT_WAITING, [...scope, toIso(now), every]),
    asOf?.kind === 'knownAt' ? session.run<{ horizon: Horizon; waiting: number }>(COUNT_WAITING_THEN, [...scope, toIso(now), every]) : [],
  ]);
  return horizons.map((horizon) => ({
    horizon,
    days: days.filter((row) => row.horizon === horizon).map(toTrackDay),
    due: due.find((row) => row.horizon === horizon)?.due ?? 0,
    waiting: [...waiting, ...past].reduce((total, row) => total + (row.horizon === horizon ? row.waiting : 0), 0),
  }));
}

/** The latest time of scoring and the latest target time that count. */
function boundsOf({ kind, at }: AsOf): [string, string] {
  return kind === 'knownAt' ? [toIso(at), 'infinity'] : ['infinity', toIso(at)];
}

interface DayRow {
  readonly horizon: Horizon;
  readonly day: TrackDay['day'];
  readonly regular: number;
  readonly resolved: number;
  readonly late: number;
  readonly void: number;
  readonly calls: number;
  readonly hits: number;
  readonly banded: number;
  readonly in_50: number;
  readonly in_80: number;
  readonly in_90: number;
  readonly in_95: number;
  readonly compared: number;
  readonly crps: number;
  readonly crps_reference: number;
  readonly abs_err: number;
  readonly abs_err_naive: number;
  readonly brier: number;
}

function toTrackDay({ horizon: _, crps_reference, abs_err, abs_err_naive, in_50, in_80, in_90, in_95, ...same }: DayRow): TrackDay {
  const within = { 50: in_50, 80: in_80, 90: in_90, 95: in_95 } satisfies Record<(typeof BANDS)[number], number>;
  return { ...same, within, crpsReference: crps_reference, absErr: abs_err, absErrNaive: abs_err_naive };
}

/**
 * One name at one horizon of one instrument, up to a version of it. Versions that had seen nothing of the two months before the first day are passed
 * over: they had expired by then.
 */
const FIND_DAYS_OF = {
  name: 'track-find-days-of',
  text: `
    select k.n::integer as n, k.horizon, t.day::timestamptz as day, ${SUMMED}
    from unnest($1::text[], $2::text[], $3::integer[], $4::text[]) with ordinality as k (venue, symbol, model_id, horizon, n)
    join instrument i using (venue, symbol)
    join model y on y.id = k.model_id
    join model o on o.name = y.name and o.id <= y.id and coalesce(o.trained_through >= $5::timestamptz - interval '60 days', true)
    join track_day t on (t.instrument_id, t.model_id, t.horizon) = (i.id, o.id, k.horizon) and t.day >= $5::timestamptz::date
    group by k.n, k.horizon, t.day order by k.n, t.day`,
};

/** Returns the days from `from` on of each of `keys`, in their order. */
export async function findTrackDays(session: Reader, keys: readonly TrackKey[], from: TrackDay['day']): Promise<TrackDay[][]> {
  const parts = keys.map(({ instrumentId }) => splitInstrumentId(instrumentId));
  const rows = await session.run<DayRow & { readonly n: number }>(FIND_DAYS_OF, [
    parts.map(({ venue }) => venue),
    parts.map(({ symbol }) => symbol),
    keys.map(({ modelId }) => modelId),
    keys.map(({ horizon }) => horizon),
    toIso(from),
  ]);
  const days: TrackDay[][] = keys.map(() => []);
  for (const { n, ...row } of rows) days[n - 1]?.push(toTrackDay(row));
  return days;
}
