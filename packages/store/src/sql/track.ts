// pg, not Prisma: sums over many rows.
import {
  type AsOf,
  type BANDS,
  dueEveryMs,
  type Horizon,
  splitInstrumentId,
  type TrackDay,
  type TrackKey,
  type TrackQuery,
  type TrackRows,
  toIso,
} from '@candlecast/domain';
import type { Session } from './session.ts';
import { countDue, countWaiting, VERSIONS } from './track-due.ts';
import { TRACK_COLUMNS, TRACK_SUMS } from './track-sums.ts';

type Reader = Pick<Session, 'run'>;

const SUMMED = TRACK_COLUMNS.map((column) => {
  const type = ['crps', 'crps_reference', 'abs_err', 'abs_err_naive', 'brier'].includes(column) ? 'double precision' : 'integer';
  return `sum(t.${column})::${type} as ${column}`;
}).join(', ');

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

/** Returns the days of a model's record and what was due, by horizon, in the order asked for. */
export async function findTrackRows(session: Reader, query: TrackQuery): Promise<TrackRows[]> {
  const { venue, symbol = null, modelId, horizons, from, asOf } = query;
  const scope = [venue, symbol, modelId, horizons];
  const [days, due, waiting] = await Promise.all([
    asOf
      ? session.run<DayRow>(FIND_DAYS_THEN, [...scope, toIso(from), ...boundsOf(asOf), horizons.map(dueEveryMs)])
      : session.run<DayRow>(FIND_DAYS, [...scope, toIso(from)]),
    countDue(session, query),
    countWaiting(session, query),
  ]);
  return horizons.map((horizon) => ({
    horizon,
    days: days.filter((row) => row.horizon === horizon).map(toTrackDay),
    due: due.get(horizon) ?? 0,
    waiting: waiting.get(horizon) ?? 0,
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
