// pg, not Prisma: thousands of inputs as bytes, gaps by their overlap with a range, and the newest row of each horizon.
import { type DriftCheck, HORIZONS, type TimeRange, toIso, type Venue } from '@candlecast/domain';
import type { Session } from './session.ts';

type Runner = Pick<Session, 'run'>;

const FIND_INPUTS = {
  name: 'drift-find-inputs',
  text: `
    select s.input
    from (select id from instrument where venue = $1 order by id limit $5) i
    join forecast_input s on s.instrument_id = i.id and s.model_id = $2 and s.as_of >= $3::timestamptz and s.as_of < $4::timestamptz
    where epoch_ms(s.as_of) % 3600000 = 0`,
};

/** Returns inputs that a model was given on the hour. */
export async function findDriftInputs(
  session: Runner,
  venue: Venue,
  modelId: number,
  { from, to }: TimeRange,
  instruments: number,
): Promise<Uint8Array[]> {
  const rows = await session.run<{ input: Uint8Array }>(FIND_INPUTS, [venue, modelId, toIso(from), toIso(to), instruments]);
  return rows.map(({ input }) => input);
}

const COUNT_GAPPED = {
  name: 'drift-count-gapped',
  text: `
    select count(distinct i.id)::integer as count
    from instrument i join gap g on g.instrument_id = i.id
    where i.venue = $1 and i.state = 'LIVE' and g.resolved_at is null and g.reason <> 'BEFORE_LISTING' and g.to_time > $2::timestamptz and g.from_time < $3::timestamptz
      and epoch_ms(g.to_time) - epoch_ms(g.from_time) > $4::bigint`,
};

/** Counts live instruments with a long gap that reaches into a range. */
export async function countGapped(session: Runner, venue: Venue, { from, to }: TimeRange, mostMs: number): Promise<number> {
  const [row] = await session.run<{ count: number }>(COUNT_GAPPED, [venue, toIso(from), toIso(to), mostMs]);
  return row?.count ?? 0;
}

const INSERT = {
  name: 'drift-insert',
  text: `
    insert into drift_check (venue, horizon, at, model_id, loss_ratio, coverage90, clipped_share, gapped_instruments, alarms)
    values ($1, $2, $3::timestamptz, $4, $5::double precision, $6::double precision, $7::double precision, $8, $9::text[])
    on conflict do nothing`,
};

/** Stores a check; one that is there stays. */
export async function insertCheck(session: Runner, check: DriftCheck): Promise<void> {
  const { venue, horizon, at, modelId, lossRatio, coverage90, clippedShare, gappedInstruments, alarms } = check;
  await session.run(INSERT, [venue, horizon, toIso(at), modelId, lossRatio, coverage90, clippedShare, gappedInstruments, alarms]);
}

const FIND_NEWEST = {
  name: 'drift-find-newest',
  text: `
    select c.venue, c.horizon, c.at, c.model_id as "modelId", c.loss_ratio as "lossRatio", c.coverage90, c.clipped_share as "clippedShare",
      c.gapped_instruments as "gappedInstruments", c.alarms
    from unnest($2::text[]) with ordinality h (horizon, n)
    cross join lateral (select * from drift_check where venue = $1 and horizon = h.horizon order by at desc limit 1) c
    order by h.n`,
};

/** Returns the newest check of each horizon, shortest first. */
export function findNewestChecks(session: Runner, venue: Venue): Promise<DriftCheck[]> {
  return session.run<DriftCheck>(FIND_NEWEST, [venue, HORIZONS]);
}
