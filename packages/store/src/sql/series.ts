// pg, not Prisma: a row lock in a set order, and the walk of the watermark over the stored minutes in one statement.
import { AppError, type EpochMs, type InstrumentId, type LeaseOf, MINUTE_MS, splitInstrumentId, toIso } from '@candlecast/domain';
import { toArrayText, toTimesText } from './array-text.ts';
import { checkLeases } from './crew.ts';
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

/** A session whose writer may have to show that it keeps the instruments. */
export interface WritingSession extends Session {
  readonly leaseOf?: LeaseOf | undefined;
}

/** Returns the series of the instruments that are known, in no order. */
export function findSeries(session: Pick<Session, 'run'>, ids: readonly InstrumentId[]): Promise<Series[]> {
  return session.run<Series>(FIND, toKeys(ids));
}

/**
 * Locks series until the end of the transaction: every candle writer does so first, so that the candles of an instrument have
 * one writer at a time. Throws `instrument_unknown` when one is not there, and `lease_lost` when another process keeps one: whoever takes a
 * lease locks these rows too, so what is seen here holds until the commit.
 */
export async function lockSeries(session: WritingSession, ids: readonly InstrumentId[]): Promise<Map<InstrumentId, Series>> {
  const rows = await session.run<Series>(LOCK, toKeys(ids));
  const found = new Map(rows.map((row) => [row.instrumentId, row]));
  const missing = ids.find((id) => !found.has(id));
  if (missing) throw new AppError('instrument_unknown', `instrument "${missing}" is not in the database`);
  if (session.leaseOf) await checkLeases(session, session.leaseOf, rows);
  return found;
}

/** How many minutes the watermark moves at most in one transaction; the next one goes on. */
const LONGEST_WALK_MIN = 10_000;

/**
 * The walk begins at the minute after the watermark (or at the first live one) and ends before the first minute that is neither
 * stored nor in a recorded gap; the watermark is the newest candle before that. A row off the minute grid counts for the minute
 * that contains it. A series that stands before a hole is left out at once: else every commit would walk over all that came after it.
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
      where i.id = any($1::integer[]) and (f.open_time < w.start + interval '1 minute' or (f.open_time is not null and exists (
        select from gap g where g.instrument_id = i.id and g.reason <> 'PENDING' and g.from_time <= w.start and g.to_time > w.start)))
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

/**
 * A minute's end brings nearly every series exactly the minute after its watermark, and the same one to all of them: nothing but a look
 * for later rows is needed, one look for all. A look for each series takes 2 ms more for 1,000, on a hypertable 9.
 */
const STEP_TOGETHER = {
  name: 'series-step-together',
  text: `
    update instrument i set watermark = $2::timestamptz
    where i.id = any($1::integer[]) and i.id not in (
      select c.instrument_id from candle_1m c where c.instrument_id = any($1::integer[]) and c.open_time > $2::timestamptz)
    returning i.id as "seriesId", i.watermark`,
};

/**
 * The same for series that each reach another minute. The earliest one is told beside them, so that a hypertable's plan leaves out the
 * chunks before it: with eight years 1 ms instead of 30.
 */
const STEP = {
  name: 'series-step',
  text: `
    update instrument i set watermark = s.reached
    from unnest($1::integer[], $2::timestamptz[]) as s (id, reached)
    left join lateral (
      select true as is_later from candle_1m c
      where c.instrument_id = s.id and c.open_time > s.reached and c.open_time > $3::timestamptz limit 1) c on true
    where i.id = s.id and c.is_later is null
    returning i.id as "seriesId", i.watermark`,
};

/** A series whose watermark may move, with the rows that this transaction has added. */
export interface Growth {
  readonly series: Pick<Series, 'seriesId' | 'watermark'>;
  readonly added: readonly { readonly openTime: EpochMs }[];
}

/** Moves the watermarks over what is stored and returns those that moved, by series. */
export async function advanceWatermarks(session: Session, growths: readonly Growth[]): Promise<Map<number, EpochMs>> {
  const steps = growths.flatMap(({ series, added }) => {
    const reached = directlyReached(series.watermark, added);
    return reached === undefined ? [] : { seriesId: series.seriesId, reached };
  });
  const moved = new Map<number, EpochMs>();
  const run = async (statement: typeof STEP, ids: readonly number[], ...values: unknown[]) => {
    if (ids.length === 0) return;
    const rows = await session.run<{ seriesId: number; watermark: EpochMs }>(statement, [toArrayText(ids), ...values]);
    for (const { seriesId, watermark } of rows) moved.set(seriesId, watermark);
  };
  const newest = Math.max(...steps.map(({ reached }) => reached)) as EpochMs;
  const [together, apart] = [steps.filter(({ reached }) => reached === newest), steps.filter(({ reached }) => reached < newest)];
  const idsOf = (list: typeof steps) => list.map(({ seriesId }) => seriesId);
  if (together.length > 0) await run(STEP_TOGETHER, idsOf(together), toIso(newest));
  if (apart.length > 0) {
    const reached = apart.map((step) => step.reached);
    await run(STEP, idsOf(apart), toTimesText(reached), toIso(Math.min(...reached) as EpochMs));
  }
  await run(
    ADVANCE,
    growths.map(({ series }) => series.seriesId).filter((id) => !moved.has(id)),
    LONGEST_WALK_MIN,
  );
  return moved;
}

/** Returns the newest of the added rows when they are exactly the minutes after the watermark. */
function directlyReached(watermark: EpochMs | null, added: Growth['added']): EpochMs | undefined {
  if (watermark === null || added.length === 0) return undefined;
  const times = added.map(({ openTime }) => openTime);
  const newest = Math.max(...times) as EpochMs;
  const isNext = Math.min(...times) === watermark + MINUTE_MS && newest === watermark + added.length * MINUTE_MS;
  return isNext && newest % MINUTE_MS === 0 ? newest : undefined;
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

const START_ALL = {
  name: 'series-start-all',
  text: 'update instrument set live_since = $2::timestamptz where id = any($1::integer[]) and live_since is null',
};

/** Records the first live candle of many series. */
export async function setLiveSinceAll(session: Session, seriesIds: readonly number[], since: EpochMs): Promise<void> {
  await session.run(START_ALL, [seriesIds, toIso(since)]);
}

function toKeys(ids: readonly InstrumentId[]): string[][] {
  const parts = ids.map(splitInstrumentId);
  return [parts.map(({ venue }) => venue), parts.map(({ symbol }) => symbol)];
}
