// pg, not Prisma: a row lock in a set order, and the walk of the watermark over the stored minutes in one statement.
import { AppError, type EpochMs, type InstrumentId, splitInstrumentId, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

/** An instrument's row as candle writers and readers need it. */
export interface Series {
  readonly seriesId: number;
  readonly instrumentId: InstrumentId;
  readonly firstOpenTime: EpochMs | null;
  readonly watermark: EpochMs | null;
  readonly liveSince: EpochMs | null;
}

const SERIES = `
  select i.id as "seriesId", i.venue || ':' || i.symbol as "instrumentId", i.first_open_time as "firstOpenTime", i.watermark,
    i.live_since as "liveSince"
  from instrument i join unnest($1::text[], $2::text[]) as wanted (venue, symbol) using (venue, symbol)`;

const FIND = { name: 'series-find', text: SERIES };
/** In the order of the id, so that two writers never wait for each other in a circle. */
const LOCK = { name: 'series-lock', text: `${SERIES} order by i.id for no key update of i` };

/** Returns the series of the instruments that are known, in no order. */
export function findSeries(session: Pick<Session, 'run'>, ids: readonly InstrumentId[]): Promise<Series[]> {
  return session.run<Series>(FIND, toKeys(ids));
}

/**
 * Locks series until the end of the transaction: every candle writer does so first, so that the candles of an instrument have
 * one writer at a time. Throws `instrument_unknown` when one is not there.
 */
export async function lockSeries(session: Session, ids: readonly InstrumentId[]): Promise<Map<InstrumentId, Series>> {
  const rows = await session.run<Series>(LOCK, toKeys(ids));
  const found = new Map(rows.map((row) => [row.instrumentId, row]));
  const missing = ids.find((id) => !found.has(id));
  if (missing) throw new AppError('instrument_unknown', `instrument "${missing}" is not in the database`);
  return found;
}

/** How many minutes the watermark moves at most in one transaction; the next one goes on. */
const LONGEST_WALK_MIN = 10_000;

/**
 * The walk begins at the minute after the watermark (or at the first live one) and ends before the first minute that is neither
 * stored nor in a recorded gap; the watermark is the newest candle before that. A row off the minute grid counts for the minute
 * that contains it.
 */
const ADVANCE = {
  name: 'series-advance',
  text: `
    with walk as (
      select i.id, w.start, f.open_time as first
      from instrument i
      cross join lateral (
        select date_bin('1 minute', coalesce(i.watermark + interval '1 minute', i.live_since), timestamptz '2000-01-03 00:00+00') as start) w
      cross join lateral (
        select min(c.open_time) as open_time from candle_1m c where c.instrument_id = i.id and c.open_time >= w.start) f
      where i.id = any($1::integer[]) and f.open_time is not null
    ), stretch as (
      select w.*, n.newest
      from walk w cross join lateral (
        select max(c.open_time) as newest from candle_1m c
        where c.instrument_id = w.id and c.open_time >= w.first and c.open_time < w.first + make_interval(mins => $2::integer)) n
    ), reached as (
      select s.*, coalesce((
        select min(m) from generate_series(s.start, s.newest, interval '1 minute') as minute (m)
        where not exists (select from candle_1m c
                          where c.instrument_id = s.id and c.open_time >= m and c.open_time < m + interval '1 minute')
          and not exists (select from gap g
                          where g.instrument_id = s.id and g.reason <> 'PENDING' and g.from_time <= m and g.to_time > m)
        ), s.newest + interval '1 microsecond') as missing
      from stretch s
    )
    update instrument i set watermark = w.open_time
    from reached r cross join lateral (
      select max(c.open_time) as open_time from candle_1m c
      where c.instrument_id = r.id and c.open_time >= r.start and c.open_time < r.missing) w
    where i.id = r.id and w.open_time is not null
    returning i.id as "seriesId", i.watermark`,
};

/** Moves the watermarks over what is stored and returns those that moved, by series. */
export async function advanceWatermarks(session: Session, seriesIds: readonly number[]): Promise<Map<number, EpochMs>> {
  const moved = await session.run<{ seriesId: number; watermark: EpochMs }>(ADVANCE, [seriesIds, LONGEST_WALK_MIN]);
  return new Map(moved.map((row) => [row.seriesId, row.watermark]));
}

const SET_FIRST = { name: 'series-set-first', text: 'update instrument set first_open_time = $2::timestamptz where id = $1::integer' };

/** Records that the series now begins at `openTime`. */
export async function setFirstOpenTime(session: Session, seriesId: number, openTime: EpochMs): Promise<void> {
  await session.run(SET_FIRST, [seriesId, toIso(openTime)]);
}

const START_LIVE = {
  name: 'series-start-live',
  text: 'update instrument set live_since = $2::timestamptz where id = $1::integer and live_since is null',
};

/** Records the first live candle; the first time stays. */
export async function setLiveSince(session: Session, seriesId: number, since: EpochMs): Promise<void> {
  await session.run(START_LIVE, [seriesId, toIso(since)]);
}

function toKeys(ids: readonly InstrumentId[]): string[][] {
  const parts = ids.map(splitInstrumentId);
  return [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol)];
}
