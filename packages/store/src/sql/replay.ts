// pg, not Prisma: versions of minutes from two tables, in the order in which they became known, page by page.
import { type EpochMs, type GapReason, type InstrumentId, type KnownQuery, toIso, type Venue } from '@candlecast/domain';
import type { CandleRow } from './candle-pages.ts';
import type { Session } from './session.ts';

/** A version of a minute before it is shaped. */
export interface KnownMinuteRow extends CandleRow {
  readonly instrumentId: InstrumentId;
  readonly time: EpochMs;
  readonly key: string;
  readonly reconstructed: boolean;
}

/** A change of the ledger. */
export interface KnownGapRow {
  readonly instrumentId: InstrumentId;
  readonly time: EpochMs;
  readonly key: string;
  readonly from: EpochMs;
  readonly to: EpochMs;
  readonly reason: GapReason;
  readonly isResolved: boolean;
}

/**
 * How long after its close a minute may have come to be found by its open time alone. What came later is found by what made it late: a line of
 * the gap ledger, or a correction.
 */
const LATE = `interval '6 hours'`;
const IS_HISTORY = '(w.live_since is null or c.open_time < w.live_since)';
const TIME = `case when ${IS_HISTORY} then c.open_time + interval '1 minute' else greatest(c.known_at, c.open_time + interval '1 minute') end`;
/** Ordered as bytes, so that every database orders alike. */
const MINUTE_KEY = `(w.name || ' m ' || lpad(epoch_ms(c.open_time)::text, 15, '0') || ' ' || lpad(c.revision::text, 6, '0')) collate "C"`;

const WANTED = `
  wanted as (
    select i.id, i.venue || ':' || i.symbol as name, i.live_since
    from instrument i join unnest($1::text[]) as asked (name) on i.venue || ':' || i.symbol = asked.name
  )`;

const VALUES = `
  c.instrument_id, c.open_time, c.open, c.high, c.low, c.close, c.base_volume, c.quote_volume, c.trade_count, c.taker_buy_base_volume,
  c.taker_buy_quote_volume, c.first_trade_id, c.last_trade_id, c.revision, c.known_at`;

/** Minutes that were late: they lie before the ones that are found by their open time, and only live ones can be. */
const IS_LATE = `c.open_time >= w.live_since and c.open_time <= $2::timestamptz - ${LATE} and c.known_at >= $2::timestamptz
  and c.known_at <= $4::timestamptz`;

/** Of all branches only what can have become known from $2 to $4 is read, each by an index: what a page costs does not grow with history. */
const MINUTES = {
  name: 'replay-minutes',
  text: `
    with ${WANTED}, present as (
      select w.name, w.live_since, ${VALUES}
      from wanted w join candle_1m c on c.instrument_id = w.id
        and c.open_time > $2::timestamptz - ${LATE} and c.open_time < $4::timestamptz
      union
      select w.name, w.live_since, ${VALUES}
      from wanted w join candle_revision r on r.instrument_id = w.id and r.replaced_at >= $2::timestamptz and r.replaced_at <= $4::timestamptz
      join candle_1m c on c.instrument_id = r.instrument_id and c.open_time = r.open_time and ${IS_LATE}
      union
      select w.name, w.live_since, ${VALUES}
      from wanted w join gap g on g.instrument_id = w.id and g.from_time <= $2::timestamptz - ${LATE}
        and g.first_seen_at <= $4::timestamptz and (g.resolved_at is null or g.resolved_at >= $2::timestamptz)
      join candle_1m c on c.instrument_id = w.id and c.open_time >= g.from_time and c.open_time < g.to_time and ${IS_LATE}
    ), versions as (
      select * from present
      union
      select w.name, w.live_since, ${VALUES}
      from wanted w join candle_revision c on c.instrument_id = w.id and c.open_time >= w.live_since
        and c.known_at >= $2::timestamptz and c.known_at <= $4::timestamptz
      union
      select w.name, w.live_since, ${VALUES}
      from wanted w join candle_revision c on c.instrument_id = w.id and c.open_time >= w.live_since
        and c.open_time >= $2::timestamptz - interval '1 minute' and c.open_time < $4::timestamptz
    ), known as (
      select ${TIME} as time, ${MINUTE_KEY} as key, coalesce(${IS_HISTORY}, true) as reconstructed, c.*
      from versions c cross join lateral (select c.name, c.live_since) w
    )
    select c.name as "instrumentId", c.time, c.key, c.reconstructed, c.open_time as "openTime", c.open, c.high, c.low, c.close,
      c.base_volume as "baseVolume", c.quote_volume as "quoteVolume", c.trade_count as "tradeCount",
      c.taker_buy_base_volume as "takerBuyBaseVolume", c.taker_buy_quote_volume as "takerBuyQuoteVolume",
      c.first_trade_id as "firstTradeId", c.last_trade_id as "lastTradeId", c.revision, c.known_at as "knownAt"
    from known c
    where (c.time, c.key) > ($2::timestamptz, $3::text) and c.time <= $4::timestamptz
    order by c.time, c.key limit $5::integer`,
};

/** Returns one page of the versions of minutes in the order in which they became known. */
export function findKnownMinuteRows(session: Pick<Session, 'run'>, query: KnownQuery): Promise<KnownMinuteRow[]> {
  return session.run<KnownMinuteRow>(MINUTES, toValues(query));
}

const GAPS = {
  name: 'replay-gaps',
  text: `
    with ${WANTED}, lines as (
      select w.name, w.live_since, g.id, g.from_time, g.to_time, g.reason, coalesce(g.recorded_at, g.last_attempt_at) as recorded_at, g.resolved_at
      from wanted w join gap g on g.instrument_id = w.id
      union all
      select w.name, w.live_since, g.id, g.from_time, g.to_time, g.reason, g.recorded_at, null from wanted w join gap_past g on g.instrument_id = w.id
    ), changes as (
      select l.*, false as is_resolved,
        case when l.live_since is null or l.to_time <= l.live_since then l.to_time else greatest(l.recorded_at, l.to_time) end as time
      from lines l where l.resolved_at is null or (l.live_since is not null and l.to_time > l.live_since)
      union all
      select l.*, true, greatest(l.resolved_at, l.to_time) from lines l where l.resolved_at is not null and l.to_time > l.live_since
    ), known as (
      select l.*, (l.name || case when l.is_resolved then ' z ' else ' g ' end || lpad(l.id::text, 12, '0')) collate "C" as key from changes l
    )
    select l.name as "instrumentId", l.time, l.key, l.from_time as "from", l.to_time as "to", l.reason, l.is_resolved as "isResolved"
    from known l
    where (l.time, l.key) > ($2::timestamptz, $3::text) and l.time <= $4::timestamptz
    order by l.time, l.key limit $5::integer`,
};

/** Returns one page of the changes of the gap ledger in the order in which they became known. */
export function findKnownGapRows(session: Pick<Session, 'run'>, query: KnownQuery): Promise<KnownGapRow[]> {
  return session.run<KnownGapRow>(GAPS, toValues(query));
}

function toValues({ instrumentIds, after, until, limit }: KnownQuery): unknown[] {
  return [instrumentIds, toIso(after.time), after.key, toIso(until), limit];
}

const ALIVE = {
  name: 'replay-alive',
  text: `
    select exists (
      select from (select i.id, i.live_since from instrument i where i.venue = $1) w
      cross join lateral (
        select from candle_1m c
        where c.instrument_id = w.id and c.open_time >= $2::timestamptz - make_interval(secs => $3::double precision) - interval '1 minute'
          and c.open_time <= $2::timestamptz - interval '1 minute' and (${TIME}) <= $2::timestamptz
          and (${TIME}) > $2::timestamptz - make_interval(secs => $3::double precision) limit 1) c
    ) as "isAlive"`,
};

/** Tells whether a minute of the venue became known within so many milliseconds before `at`. */
export async function wasAliveAt(session: Pick<Session, 'run'>, venue: Venue, at: EpochMs, withinMs: number): Promise<boolean> {
  const [row] = await session.run<{ isAlive: boolean }>(ALIVE, [venue, toIso(at), withinMs / 1_000]);
  return row?.isAlive === true;
}
