// pg, not Prisma: the newest row of each horizon, appended behind a lock, and one pass over the scores of two models.
import { type ChampionChange, type NewChampionChange, type PairedOrigin, type PairQuery, toIso, type Venue } from '@candlecast/domain';
import type { Session } from './session.ts';

type Runner = Pick<Session, 'run'>;

const FIND = {
  name: 'champions-find',
  text: `
    select distinct on (horizon) id, venue, horizon, name, model_id as "modelId", former_name as "formerName", reason, at,
      decided_by as "decidedBy", figures
    from champion_change where venue = $1 order by horizon, id desc`,
};

/** Returns the newest change of each horizon. */
export function findChampionRows(session: Runner, venue: Venue): Promise<ChampionChange[]> {
  return session.run<ChampionChange>(FIND, [venue]);
}

/** Two that change the same venue wait for each other, or both would see the same champion. */
const LOCK = { name: 'champions-lock', text: `select pg_advisory_xact_lock(hashtextextended('candlecast champions ' || $1, 0))` };

const CHANGE = {
  name: 'champions-change',
  text: `
    insert into champion_change (venue, horizon, name, model_id, former_name, reason, at, decided_by, figures)
    select $1, $2, $3, $4, $5, $6::champion_reason, $7::timestamptz, $8, $9::jsonb
    where (select max(id) from champion_change where venue = $1 and horizon = $2) is not distinct from $10::integer
    returning id`,
};

/** Appends a change if it follows the newest one; false otherwise. Within a transaction. */
export async function insertChange(session: Runner, change: NewChampionChange): Promise<boolean> {
  await session.run(LOCK, [change.venue]);
  const { venue, horizon, name, modelId, formerName, reason, at, decidedBy, figures, after } = change;
  const values = [venue, horizon, name, modelId, formerName, reason, toIso(at), decidedBy, JSON.stringify(figures), after];
  return (await session.run(CHANGE, values)).length > 0;
}

/**
 * Where two versions of a name have spoken at once, the younger one counts. A void forecast has no CRPS and is left out. The models are put side by
 * side by grouping: of a join of the scores with themselves the server knows too little to plan it.
 */
const FIND_PAIRS = {
  name: 'champions-find-pairs',
  text: `
    with scored as (
      select distinct on (m.name, s.instrument_id, s.horizon, s.as_of) m.name, s.instrument_id, s.horizon, s.as_of,
        s.crps / f.reference_sigma as loss, s.band <= 90 as is_within, s.abs_err::double precision / f.ref_price::double precision as abs_err,
        s.abs_err_naive::double precision / f.ref_price::double precision as naive
      from (select id from instrument where venue = $1 order by id limit $7) i
      cross join unnest($4::text[]) h (horizon)
      join model m on m.name in ($2, $3)
      join forecast_score s on s.instrument_id = i.id and s.horizon = h.horizon and s.model_id = m.id
        and s.as_of >= $5::timestamptz and s.as_of < $6::timestamptz and epoch_ms(s.as_of) % 3600000 = 0
      join forecast f on (f.instrument_id, f.horizon, f.as_of, f.model_id) = (s.instrument_id, s.horizon, s.as_of, s.model_id)
      where s.crps is not null and f.reference_sigma > 0
      order by m.name, s.instrument_id, s.horizon, s.as_of, s.model_id desc
    )
    select p.horizon, p.as_of as "asOf", count(*)::integer as instruments, avg(p.first_loss) as "firstLoss", avg(p.second_loss) as "secondLoss",
      (count(*) filter (where p.first_is_within))::integer as "firstWithin90",
      (count(*) filter (where p.second_is_within))::integer as "secondWithin90", sum(p.abs_err) as "secondAbsErr", sum(p.naive) as "absErrNaive"
    from (
      select instrument_id, horizon, as_of, max(loss) filter (where name = $2) as first_loss, max(loss) filter (where name = $3) as second_loss,
        bool_or(is_within) filter (where name = $2) as first_is_within, bool_or(is_within) filter (where name = $3) as second_is_within,
        max(abs_err) filter (where name = $3) as abs_err, max(naive) filter (where name = $3) as naive
      from scored group by 1, 2, 3) p
    where p.first_loss is not null and p.second_loss is not null
    group by 1, 2 order by 2, 1`,
};

/** Returns the origins at which both models have scores. */
export function findPairRows(session: Runner, query: PairQuery): Promise<PairedOrigin[]> {
  const { venue, first, second, horizons, from, to, instruments } = query;
  return session.run<PairedOrigin>(FIND_PAIRS, [venue, first, second, horizons, toIso(from), toIso(to), instruments]);
}
