// pg, not Prisma: counted in the transaction of the candles, and added up where the rows are.
import { type EpochMs, floorToChunk, type Interval, type TimeRange, toIso } from '@candlecast/domain';
import { toArrayText, toTimesText } from './array-text.ts';
import type { Session } from './session.ts';

/** A stretch of a series that has changed, both ends included. */
export interface ChangedStretch {
  readonly seriesId: number;
  readonly first: EpochMs;
  readonly last: EpochMs;
}

const NOTE = {
  name: 'candle-changes-note',
  text: `
    insert into candle_change as known (instrument_id, block_time, changes)
    select distinct s.id, b.block_time, 1
    from unnest($1::integer[], $2::timestamptz[], $3::timestamptz[]) as s (id, first, last)
    cross join lateral generate_series(
      date_bin('8 hours', s.first, timestamptz '2000-01-03 00:00+00'), s.last, interval '8 hours') as b (block_time)
    order by 1, 2
    on conflict (instrument_id, block_time) do update set changes = known.changes + 1`,
};

/** Counts a change of every block that the stretches touch, once each. The locks of the series are held. */
export async function noteChanges(session: Pick<Session, 'run'>, stretches: readonly ChangedStretch[]): Promise<void> {
  if (stretches.length === 0) return;
  await session.run(NOTE, [
    toArrayText(stretches.map(({ seriesId }) => seriesId)),
    toTimesText(stretches.map(({ first }) => first)),
    toTimesText(stretches.map(({ last }) => last)),
  ]);
}

/** Returns the blocks that hold the rows, each once, as stretches. */
export function toStretches(seriesId: number, rows: readonly { readonly openTime: EpochMs }[]): ChangedStretch[] {
  const blocks = new Set(rows.map(({ openTime }) => floorToChunk(openTime, '1m')));
  return [...blocks].map((block) => ({ seriesId, first: block, last: block }));
}

const COUNT = {
  name: 'candle-changes-count',
  text: `
    select date_bin(make_interval(secs => $4::integer), block_time, timestamptz '2000-01-03 00:00+00') as "from", sum(changes)::bigint as changes
    from candle_change where instrument_id = $1::integer and block_time >= $2::timestamptz and block_time < $3::timestamptz group by 1`,
};

/** Returns how often each stretch of `stepMs`, aligned as chunks are, has changed; those that never did are left out. */
export async function countChanges(
  session: Pick<Session, 'run'>,
  seriesId: number,
  range: TimeRange,
  stepMs: number,
): Promise<Map<EpochMs, number>> {
  const rows = await session.run<{ from: EpochMs; changes: number }>(COUNT, [seriesId, toIso(range.from), toIso(range.to), stepMs / 1_000]);
  return new Map(rows.map(({ from, changes }) => [from, changes]));
}

const STALE = {
  name: 'rollups-stale',
  text: 'select first_time as first, last_time as last from rollups_stale($1, $2::timestamptz, $3::timestamptz)',
};

/** Returns the stretches in which bars of `interval` may not show every stored minute yet, both ends included. */
export async function findStale(
  session: Pick<Session, 'run'>,
  interval: Interval,
  range: TimeRange,
): Promise<{ readonly first: EpochMs; readonly last: EpochMs }[]> {
  if (interval === '1m') return [];
  return session.run(STALE, [interval, toIso(range.from), toIso(range.to)]);
}
