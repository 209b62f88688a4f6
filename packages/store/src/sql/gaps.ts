// pg, not Prisma: the ledger changes in the transaction of the candles, and its times stay exact numbers.
import { type EpochMs, type Gap, type GapReason, type GapResolution, subtractRange, type TimeRange, toIso } from '@candlecast/domain';
import { toArrayText, toTimesText } from './array-text.ts';
import type { ChangedRow } from './candle-rows.ts';
import type { Session } from './session.ts';

/** A line of the ledger. */
export interface GapRow extends Gap {
  readonly id: number;
  readonly seriesId: number;
}

const COLUMNS = `
  id, instrument_id as "seriesId", from_time as "from", to_time as "to", reason, first_seen_at as "firstSeenAt", attempts,
  last_attempt_at as "lastAttemptAt", resolved_at as "resolvedAt", resolution`;

const FIND = {
  name: 'gaps-find',
  text: `
    select ${COLUMNS} from gap
    where instrument_id = $1::integer and from_time < $3::timestamptz and to_time > $2::timestamptz order by from_time, id`,
};

const FIND_UNRESOLVED = {
  name: 'gaps-unresolved',
  text: `
    select ${COLUMNS} from gap
    where instrument_id = $1::integer and reason = $2::gap_reason and resolved_at is null order by from_time, id`,
};

/** Returns the unresolved lines of one reason, oldest first. */
export function findUnresolvedGapRows(session: Pick<Session, 'run'>, seriesId: number, reason: GapReason): Promise<GapRow[]> {
  return session.run<GapRow>(FIND_UNRESOLVED, [seriesId, reason]);
}

/** Returns a line without what only the store knows of it. */
export function toGap({ from, to, reason, firstSeenAt, attempts, lastAttemptAt, resolvedAt, resolution }: GapRow): Gap {
  return { from, to, reason, firstSeenAt, attempts, lastAttemptAt, resolvedAt, resolution };
}

/** Returns the ledger's lines that overlap `range`, resolved ones included, oldest first. */
export function findGapRows(session: Pick<Session, 'run'>, seriesId: number, range: TimeRange): Promise<GapRow[]> {
  return session.run<GapRow>(FIND, [seriesId, toIso(range.from), toIso(range.to)]);
}

const RETRY = {
  name: 'gaps-retry',
  text: `
    update gap set attempts = attempts + 1, last_attempt_at = $2::timestamptz where id = $1::integer and last_attempt_at < $2::timestamptz`,
};
/** What is replaced stays known as what stood until then. */
const REMOVE = {
  name: 'gaps-remove',
  text: `
    with gone as (delete from gap where id = any($1::integer[]) returning *)
    insert into gap_past (id, instrument_id, from_time, to_time, reason, first_seen_at, recorded_at, replaced_at)
    select id, instrument_id, from_time, to_time, reason, first_seen_at, coalesce(recorded_at, last_attempt_at), $2::timestamptz from gone`,
};
const INSERT = {
  name: 'gaps-insert',
  text: `
    insert into gap (instrument_id, from_time, to_time, reason, first_seen_at, attempts, last_attempt_at, recorded_at)
    values ($1::integer, $2::timestamptz, $3::timestamptz, $4::gap_reason, $5::timestamptz, $6::integer, $7::timestamptz, $8::timestamptz)`,
};

/**
 * Writes why `range` has no candles and tells whether that is news. Unresolved lines never overlap: a later statement cuts its
 * range out of earlier ones and inherits when they were first seen. Saying the same again counts one more attempt.
 */
export async function recordGapRow(
  session: Session,
  seriesId: number,
  range: TimeRange,
  reason: GapReason,
  seenAt: EpochMs,
): Promise<boolean> {
  const overlapping = (await findGapRows(session, seriesId, range)).filter((row) => row.resolvedAt === null);
  const same = overlapping.find((row) => row.from === range.from && row.to === range.to && row.reason === reason);
  if (same) {
    await session.run(RETRY, [same.id, toIso(seenAt)]);
    return false;
  }
  if (overlapping.length > 0) await session.run(REMOVE, [overlapping.map((row) => row.id), toIso(seenAt)]);
  for (const row of overlapping) {
    for (const rest of subtractRange(row, range)) await insertGap(session, { ...row, from: rest.from, to: rest.to }, seenAt);
  }
  const firstSeenAt = Math.min(seenAt, ...overlapping.map((row) => row.firstSeenAt)) as EpochMs;
  const attempts = 1 + Math.max(0, ...overlapping.map((row) => row.attempts));
  await insertGap(session, { seriesId, ...range, reason, firstSeenAt, attempts, lastAttemptAt: seenAt }, seenAt);
  return true;
}

async function insertGap(session: Session, row: Omit<GapRow, 'id' | 'resolvedAt' | 'resolution'>, recordedAt: EpochMs): Promise<void> {
  const { seriesId, from, to, reason, firstSeenAt, attempts, lastAttemptAt } = row;
  await session.run(INSERT, [
    seriesId,
    toIso(from),
    toIso(to),
    reason,
    toIso(firstSeenAt),
    attempts,
    toIso(lastAttemptAt),
    toIso(recordedAt),
  ]);
}

const WRITTEN = `
    with written as (
      select id, min(at) as first, max(at) as last from unnest($1::integer[], $2::timestamptz[]) as row (id, at) group by id
    )`;
const OPEN_GAP = 'g.instrument_id = w.id and g.resolved_at is null and g.from_time <= w.last and g.to_time > w.first';

/** Nearly always there is none, and then nobody needs to look at candles: on a hypertable of eight years the plan alone takes 20 ms. */
const FIND_TOUCHED = { name: 'gaps-touched', text: `${WRITTEN} select 1 from gap g join written w on ${OPEN_GAP} limit 1` };

/** The two cheap tests come first, so that a long gap that is still being filled is not counted with every page. */
const RESOLVE = {
  name: 'gaps-resolve',
  text: `${WRITTEN}
    update gap g set resolved_at = $3::timestamptz, resolution = $4::gap_resolution
    from written w
    where ${OPEN_GAP}
      and exists (select from candle_1m c where c.instrument_id = w.id and c.open_time >= g.from_time
                  and c.open_time < g.from_time + interval '1 minute')
      and exists (select from candle_1m c where c.instrument_id = w.id and c.open_time >= g.to_time - interval '1 minute'
                  and c.open_time < g.to_time)
      and (select count(distinct date_bin('1 minute', c.open_time, timestamptz '2000-01-03 00:00+00')) from candle_1m c
           where c.instrument_id = w.id and c.open_time >= g.from_time and c.open_time < g.to_time)
        >= ceil(date_part('epoch', g.to_time - g.from_time) / 60)
    returning ${COLUMNS.replace(' id,', ' g.id,')}`,
};

/** Marks the gaps of which every minute is stored by now, and returns them. */
export async function resolveGaps(
  session: Session,
  changed: readonly Pick<ChangedRow, 'seriesId' | 'openTime'>[],
  resolution: GapResolution,
  at: EpochMs,
): Promise<GapRow[]> {
  if (changed.length === 0) return [];
  const written = [toArrayText(changed.map((row) => row.seriesId)), toTimesText(changed.map((row) => row.openTime))];
  if ((await session.run(FIND_TOUCHED, written)).length === 0) return [];
  return session.run<GapRow>(RESOLVE, [...written, toIso(at), resolution]);
}
