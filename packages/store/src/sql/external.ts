// pg, not Prisma: values keep their stored text, and the newest version of each event time is picked where the rows are.
import { type ExternalPoint, type ExternalQuery, type ExternalVersionQuery, toIso } from '@candlecast/domain';
import type { Session, Statement } from './session.ts';

type Reader = Pick<Session, 'run'>;

const INSERT = {
  name: 'external-insert',
  text: `
    with written as (
      insert into external_series (key, event_time, known_at, value)
      select * from unnest($1::text[], $2::timestamptz[], $3::timestamptz[], $4::numeric[]) order by 1, 2, 3
      on conflict do nothing returning 1
    )
    select count(*) as count from written`,
};

/** Inserts points that are not there yet and returns how many those are. */
export async function insertPoints(session: Reader, points: readonly ExternalPoint[]): Promise<number> {
  if (points.length === 0) return 0;
  const [row] = await session.run<{ count: number }>(INSERT, [
    points.map(({ key }) => key),
    points.map(({ eventTime }) => toIso(eventTime)),
    points.map(({ knownAt }) => toIso(knownAt)),
    points.map(({ value }) => value),
  ]);
  return row?.count ?? 0;
}

function pageStatement(take: ExternalQuery['take']): Statement {
  const order = take === 'oldest' ? 'asc' : 'desc';
  return {
    name: `external-page-${take}`,
    text: `
      select distinct on (event_time) key, event_time as "eventTime", known_at as "knownAt", value from external_series
      where key = $1 and event_time >= $2::timestamptz and event_time < $3::timestamptz and known_at <= $4::timestamptz
      order by event_time ${order}, known_at desc limit $5::integer`,
  };
}

/** Returns one page of a series, oldest first. */
export async function findPointRows(session: Reader, { key, range, knownAt, limit, take }: ExternalQuery): Promise<ExternalPoint[]> {
  const rows = await session.run<ExternalPoint>(pageStatement(take), [key, toIso(range.from), toIso(range.to), toIso(knownAt), limit]);
  return take === 'newest' ? rows.reverse() : rows;
}

const VERSIONS = {
  name: 'external-versions',
  text: `
    select key, event_time as "eventTime", known_at as "knownAt", value from external_series
    where key = $1 and known_at <= $4::timestamptz
      and event_time >= coalesce((select max(event_time) from external_series
        where key = $1 and event_time <= $2::timestamptz and known_at <= $2::timestamptz), '-infinity')
      and event_time <= coalesce((select min(event_time) from external_series
        where key = $1 and event_time >= $3::timestamptz and known_at <= $4::timestamptz), $3::timestamptz)
    order by event_time, known_at limit $5::integer`,
};

/** Returns the versions that a chart of a range can be made of. */
export function findVersionRows(session: Reader, { key, range, knownBy, limit }: ExternalVersionQuery): Promise<ExternalPoint[]> {
  return session.run<ExternalPoint>(VERSIONS, [key, toIso(range.from), toIso(range.to), toIso(knownBy), limit]);
}

const EXISTS = { name: 'external-exists', text: 'select exists (select from external_series where key = $1) as "isThere"' };

/** Tells whether anything is stored under the key. */
export async function hasPoints(session: Reader, key: string): Promise<boolean> {
  const [row] = await session.run<{ isThere: boolean }>(EXISTS, [key]);
  return row?.isThere ?? false;
}
