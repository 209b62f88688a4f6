// pg, not Prisma: of the past the ledger is a union of what stands and what stood, one page of which is read in one statement.
import { type GapLine, type GapQuery, toIso } from '@candlecast/domain';
import type { Session, Statement } from './session.ts';

/** The ledger as it stands; what happened after the moment asked for is cut off. */
const NOW = `
  select id, from_time, least(to_time, coalesce($4::timestamptz, to_time)) as to_time, reason, first_seen_at, attempts, last_attempt_at,
    resolved_at, resolution
  from gap
  where instrument_id = $1::integer and ($4::timestamptz is null or from_time < $4::timestamptz)`;

/** The ledger as it stood: lines that stand since, not yet resolved if that came later, and lines that were replaced later. */
const THEN = `
  select id, from_time, to_time, reason, first_seen_at, null::integer as attempts, null::timestamptz as last_attempt_at,
    case when resolved_at <= $4::timestamptz then resolved_at end as resolved_at,
    case when resolved_at <= $4::timestamptz then resolution end as resolution
  from gap
  where instrument_id = $1::integer and coalesce(recorded_at, last_attempt_at) <= $4::timestamptz
  union all
  select id, from_time, to_time, reason, first_seen_at, null, null, null, null
  from gap_past
  where instrument_id = $1::integer and recorded_at <= $4::timestamptz and replaced_at > $4::timestamptz`;

function statement(take: GapQuery['take'], kind: 'eventTime' | 'knownAt'): Statement {
  const [beyond, order] = take === 'oldest' ? ['>', 'asc'] : ['<', 'desc'];
  return {
    name: `gap-lines-${take}-${kind}`,
    text: `
      select id, from_time as "from", to_time as "to", reason, first_seen_at as "firstSeenAt", attempts, last_attempt_at as "lastAttemptAt",
        resolved_at as "resolvedAt", resolution
      from (${kind === 'knownAt' ? THEN : NOW}) line
      where from_time < $3::timestamptz and to_time > $2::timestamptz
        and ($5::boolean is null or (resolved_at is not null) = $5::boolean)
        and ($6::timestamptz is null or (from_time, id) ${beyond} ($6::timestamptz, $7::integer))
      order by from_time ${order}, id ${order} limit $8::integer`,
  };
}

/** Returns one page of a series' lines, oldest first. */
export async function findGapLineRows(session: Pick<Session, 'run'>, seriesId: number, query: GapQuery): Promise<GapLine[]> {
  const { range, isResolved, asOf, take, beyond, limit } = query;
  const rows = await session.run<GapLine>(statement(take, asOf?.kind ?? 'eventTime'), [
    seriesId,
    toIso(range.from),
    toIso(range.to),
    asOf ? toIso(asOf.at) : null,
    isResolved ?? null,
    beyond ? toIso(beyond.from) : null,
    beyond?.id ?? null,
    limit,
  ]);
  return take === 'newest' ? rows.reverse() : rows;
}
