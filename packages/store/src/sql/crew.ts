// pg, not Prisma: a connection of its own whose end the server notices, row locks that skip what is held, the database's wall time.
import { type CrewMember, type EpochMs, type InstrumentId, type Lease, LeaseLostError, type LeaseOf, type Venue } from '@candlecast/domain';
import type { Series } from './series.ts';
import type { Session } from './session.ts';

type Line = Pick<Session, 'run'>;

/** How long a member is alive after it showed life. Longer than a pause of its own, short enough that others take over in time. */
export const LEASE_MS = 5_000;

const JOIN = {
  name: 'crew-join',
  text: `
    insert into ingest_member (venue, name, address, expires_at)
    values ($1, $2, $3, clock_timestamp() + make_interval(secs => ${LEASE_MS / 1_000})) returning id`,
};

/** Returns the number of a new member. */
export async function joinCrew(line: Line, venue: Venue, name: string, address: string): Promise<number> {
  const [row] = await line.run<{ id: number }>(JOIN, [venue, name, address]);
  if (!row) throw new RangeError('an insert returned no row');
  return row.id;
}

const HOLD = { name: 'crew-hold', text: 'select pg_try_advisory_lock(4277009, $1::integer)' };
const LISTEN = { name: 'crew-listen', text: 'listen candlecast_tracking' };

/**
 * Ties the member's life to this connection, and hears requests over it. An earlier connection whose end the server has not noticed may
 * still hold the lock: then the member has to show life in time.
 */
export async function holdPlace(line: Line, memberId: number): Promise<void> {
  await line.run(HOLD, [memberId]);
  await line.run(LISTEN);
}

const RENEW = {
  name: 'crew-renew',
  text: `
    update ingest_member set renewed_at = clock_timestamp(), expires_at = clock_timestamp() + make_interval(secs => ${LEASE_MS / 1_000}),
      feed_state = $2, feed_detail = $3, blocked_until = clock_timestamp() + make_interval(secs => $4::double precision / 1000)
    where id = $1::integer returning id`,
};

/** Shows that a member lives; false when it was struck off. */
export async function renewMember(
  line: Line,
  memberId: number,
  report: { feedState: string | null; feedDetail: string | null; blockedForMs: number },
): Promise<boolean> {
  const rows = await line.run(RENEW, [memberId, report.feedState, report.feedDetail, report.blockedForMs]);
  return rows.length > 0;
}

const MEMBERS = {
  name: 'crew-members',
  text: `
    select m.id, m.name, m.address, ingest_is_alive(m) as "isAlive", coalesce(l.leases, 0) as leases, m.feed_state as "feedState",
      m.feed_detail as "feedDetail",
      ceil(greatest(0, date_part('epoch', m.blocked_until - clock_timestamp()) * 1000))::integer as "blockedForMs"
    from ingest_member m
    left join (select member_id, count(*)::integer as leases from ingest_lease where venue = $1 group by 1) l on l.member_id = m.id
    where m.venue = $1 order by m.id`,
};

/** Returns the members of a venue, dead ones included, oldest first. */
export function findMembers(line: Line, venue: Venue): Promise<CrewMember[]> {
  return line.run<CrewMember>(MEMBERS, [venue]);
}

const STANDING = {
  name: 'crew-standing',
  text: `
    select (select member_id from ingest_duty where venue = $1) as "dutyId", count(*)::integer as wanted,
      count(*) filter (where member_id = $2)::text || ':' || coalesce(max(changed) filter (where member_id = $2), 0) as "mineVersion"
    from ingest_lease where venue = $1`,
};

/** Who has the duty, how many instruments are wanted, and a text that changes with the member's own leases. */
export interface Standing {
  readonly dutyId: number | null;
  readonly wanted: number;
  readonly mineVersion: string;
}

export async function findStanding(line: Line, venue: Venue, memberId: number): Promise<Standing> {
  const [row] = await line.run<Standing>(STANDING, [venue, memberId]);
  return row ?? { dutyId: null, wanted: 0, mineVersion: '' };
}

const TAKE_DUTY = {
  name: 'crew-take-duty',
  text: `
    insert into ingest_duty as d (venue, member_id) values ($1, $2)
    on conflict (venue) do update set member_id = excluded.member_id
    where not exists (select from ingest_member m where m.id = d.member_id and ingest_is_alive(m))
    returning member_id`,
};

/** Takes the duty unless somebody alive has it. */
export async function takeDuty(line: Line, venue: Venue, memberId: number): Promise<boolean> {
  return (await line.run(TAKE_DUTY, [venue, memberId])).length > 0;
}

const LEASES = {
  name: 'crew-leases',
  text: `
    select i.venue || ':' || i.symbol as "instrumentId", l.token, l.exchange_status as "exchangeStatus", l.unlisted_from as "unlistedFrom",
      l.unlisted_to as "unlistedTo"
    from ingest_lease l join instrument i on i.id = l.instrument_id where l.venue = $1 and l.member_id = $2 order by i.symbol`,
};

interface LeaseRow extends Omit<Lease, 'unlisted'> {
  readonly unlistedFrom: EpochMs | null;
  readonly unlistedTo: EpochMs | null;
}

/** Returns what a member keeps, by symbol. */
export async function findLeases(line: Line, venue: Venue, memberId: number): Promise<Lease[]> {
  const rows = await line.run<LeaseRow>(LEASES, [venue, memberId]);
  return rows.map(({ unlistedFrom, unlistedTo, ...lease }) => ({
    ...lease,
    unlisted: unlistedFrom === null ? null : { from: unlistedFrom, to: unlistedTo },
  }));
}

/**
 * Locks the rows of the instruments, as every candle writer does first: a commit that is under way ends before its lease changes hands, and
 * one that comes later finds the new token. Two who take at one time pass over what the other one has got.
 */
const TAKE = {
  name: 'crew-take',
  text: `
    with free as (
      select l.instrument_id, l.member_id
      from ingest_lease l join instrument i on i.id = l.instrument_id
      where l.venue = $1 and not exists (select from ingest_member m where m.id = l.member_id and ingest_is_alive(m))
      order by l.instrument_id limit $3::integer
      for no key update of i skip locked
    )
    update ingest_lease l set member_id = $2, token = nextval('ingest_lease_seq'), changed = nextval('ingest_lease_seq')
    from free f where l.instrument_id = f.instrument_id and l.member_id is not distinct from f.member_id
    returning l.instrument_id`,
};

/** Takes at most `limit` leases that nobody alive holds, and returns how many. */
export async function takeLeases(line: Line, venue: Venue, memberId: number, limit: number): Promise<number> {
  return (await line.run(TAKE, [venue, memberId, limit])).length;
}

const RELEASE = {
  name: 'crew-release',
  text: `
    update ingest_lease l set member_id = null, token = null, changed = nextval('ingest_lease_seq')
    from instrument i
    where i.id = l.instrument_id and l.member_id = $1 and ($2::text[] is null or i.venue || ':' || i.symbol = any ($2))`,
};

/** Gives leases of a member back, all without `ids`. */
export async function releaseLeases(line: Line, memberId: number, ids: readonly InstrumentId[] | null): Promise<void> {
  await line.run(RELEASE, [memberId, ids]);
}

const LEAVE_DUTY = { name: 'crew-leave-duty', text: 'delete from ingest_duty where member_id = $1' };
const LEAVE = {
  name: 'crew-leave',
  text: 'delete from ingest_member where id = $1 and (blocked_until is null or blocked_until < clock_timestamp())',
};

/** Strikes a member off. One whose address is banned stays, so that whoever comes next hears of it. */
export async function leaveCrew(line: Line, memberId: number): Promise<void> {
  await releaseLeases(line, memberId, null);
  await line.run(LEAVE_DUTY, [memberId]);
  await line.run(LEAVE, [memberId]);
}

const SWEEP = {
  name: 'crew-sweep',
  text: `
    delete from ingest_member m
    where m.venue = $1 and m.expires_at < clock_timestamp() - interval '1 minute' and not ingest_is_alive(m)
      and (m.blocked_until is null or m.blocked_until < clock_timestamp())
      and not exists (select from ingest_lease l where l.member_id = m.id)`,
};

/** Strikes off those that have been dead for a minute. */
export async function sweepMembers(line: Line, venue: Venue): Promise<void> {
  await line.run(SWEEP, [venue]);
}

const REFUSED = {
  name: 'crew-refused',
  text: `
    select w.id as "seriesId" from unnest($1::integer[], $2::bigint[]) as w (id, token)
    where not exists (select from ingest_lease l where l.instrument_id = w.id and l.token = w.token)`,
};

/** Throws a LeaseLostError unless every one of the locked series is kept under the token that `leaseOf` knows. */
export async function checkLeases(session: Session, leaseOf: LeaseOf, locked: readonly Series[]): Promise<void> {
  const tokens = locked.map(({ instrumentId }) => leaseOf(instrumentId) ?? null);
  const refused = await session.run<{ seriesId: number }>(REFUSED, [locked.map(({ seriesId }) => seriesId), tokens]);
  if (refused.length === 0) return;
  const lost = new Set(refused.map(({ seriesId }) => seriesId));
  throw new LeaseLostError(locked.filter(({ seriesId }) => lost.has(seriesId)).map(({ instrumentId }) => instrumentId));
}
