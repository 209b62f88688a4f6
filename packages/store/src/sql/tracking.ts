// pg, not Prisma: sets of 1,600 symbols in one statement, and the condition that the writer still has the duty inside it.
import { type EpochMs, type InstrumentId, type TrackingAction, toIso, type Venue, type WantedSymbol } from '@candlecast/domain';
import type { Session } from './session.ts';

type Reader = Pick<Session, 'run'>;

const GRANTED = {
  name: 'tracking-granted',
  text: `
    select distinct on (symbol) symbol, action from tracking_request
    where venue = $1 and answered_at is not null and error_code is null order by symbol, id desc`,
};

/** Returns what the newest granted request of each symbol asks for. */
export function findGrantedRows(session: Reader, venue: Venue): Promise<{ symbol: string; action: TrackingAction }[]> {
  return session.run(GRANTED, [venue]);
}

const ADD = {
  name: 'tracking-add',
  text: `
    insert into ingest_lease as l (instrument_id, venue, changed, exchange_status, unlisted_from)
    select i.id, i.venue, nextval('ingest_lease_seq'), w.status, case when w.status is null then $5::timestamptz end
    from unnest($3::text[], $4::text[]) as w (symbol, status) join instrument i on i.venue = $1 and i.symbol = w.symbol
    where exists (select from ingest_duty d where d.venue = $1 and d.member_id = $2)
    order by i.id
    on conflict (instrument_id) do update set
      exchange_status = excluded.exchange_status, changed = excluded.changed,
      unlisted_from = case when excluded.exchange_status is null then $5::timestamptz else l.unlisted_from end,
      unlisted_to = case when excluded.exchange_status is null then null when l.exchange_status is null then $5::timestamptz else l.unlisted_to end
    where l.exchange_status is distinct from excluded.exchange_status
    returning instrument_id as "seriesId", xmax = 0 as "isNew"`,
};

const REMOVE = {
  name: 'tracking-remove',
  text: `
    delete from ingest_lease l using instrument i
    where i.id = l.instrument_id and l.venue = $1 and not i.symbol = any ($3::text[])
      and exists (select from ingest_duty d where d.venue = $1 and d.member_id = $2)
    returning i.venue || ':' || i.symbol as id`,
};

const NAMES = {
  name: 'tracking-names',
  text: `select venue || ':' || symbol as id from instrument where id = any ($1::integer[]) order by symbol`,
};

/** Adds what is wanted and not there, notes new words of the exchange, and removes the rest; returns what was added and removed. */
export async function setWantedRows(
  session: Session,
  venue: Venue,
  memberId: number,
  wanted: readonly WantedSymbol[],
  at: EpochMs,
): Promise<{ added: InstrumentId[]; removed: InstrumentId[] }> {
  const symbols = wanted.map(({ symbol }) => symbol);
  const statuses = wanted.map(({ exchangeStatus }) => exchangeStatus);
  const touched = await session.run<{ seriesId: number; isNew: boolean }>(ADD, [venue, memberId, symbols, statuses, toIso(at)]);
  const fresh = touched.filter(({ isNew }) => isNew).map(({ seriesId }) => seriesId);
  const added = fresh.length === 0 ? [] : await session.run<{ id: InstrumentId }>(NAMES, [fresh]);
  const removed = await session.run<{ id: InstrumentId }>(REMOVE, [venue, memberId, symbols]);
  return { added: added.map(({ id }) => id), removed: removed.map(({ id }) => id) };
}

const FREE = {
  name: 'tracking-free',
  text: `
    update ingest_lease l set member_id = null, token = null, changed = nextval('ingest_lease_seq')
    from instrument i
    where i.id = l.instrument_id and l.venue = $1 and i.symbol = any ($3::text[])
      and exists (select from ingest_duty d where d.venue = $1 and d.member_id = $2)`,
};

/** Takes leases back from whoever has them. */
export async function freeLeases(session: Reader, venue: Venue, memberId: number, symbols: readonly string[]): Promise<void> {
  await session.run(FREE, [venue, memberId, symbols]);
}
