// pg, not Prisma: the log's order rests on one locked row and on statements whose order is written here.
import { type EpochMs, intervalMs, type LogEntry, ROLLUP_LADDER, toIso } from '@candlecast/domain';
import type { CandleEvent } from '../plan-candle-events.ts';
import { toArrayText, toTimesText } from './array-text.ts';
import type { Session } from './session.ts';

/**
 * The columns of a roll-up or 1m relation as domain's Candle, in JSON; `c` is the row, `i` its instrument. row_to_json takes two thirds of
 * the time of json_build_object.
 */
const CANDLE_JSON = `
  (select row_to_json(v) from (select
    epoch_ms(c.open_time) as "openTime", c.open::text as open, c.high::text as high, c.low::text as low, c.close::text as close,
    c.base_volume::text as "baseVolume", c.quote_volume::text as "quoteVolume", c.trade_count as "tradeCount",
    c.taker_buy_base_volume::text as "takerBuyBaseVolume", c.taker_buy_quote_volume::text as "takerBuyQuoteVolume",
    c.first_trade_id as "firstTradeId", c.last_trade_id as "lastTradeId", true as "isClosed", c.revision,
    epoch_ms(c.known_at) as "knownAt", coalesce(c.open_time < i.live_since, true) as reconstructed) v)`;

const ANY_ROLLUP = ROLLUP_LADDER.map(
  ({ interval }) => `
    select * from candle_${interval} c
    where e.interval = '${interval}' and c.instrument_id = e.series_id and c.open_time = e.open_time`,
).join(' union all ');

/**
 * Made anew from the minutes: what a continuous aggregate will hold. It may not show late minutes yet, and to read it through ten others
 * in real time takes longer than to add up the minutes.
 */
const ANY_FOLD = `
  select * from candle_of_minutes(e.series_id, e.open_time, e.open_time + make_interval(secs => case e.interval
    ${ROLLUP_LADDER.map(({ interval }) => `when '${interval}' then ${intervalMs(interval) / 1_000}`).join(' ')} end),
    $13::timestamptz, $14::timestamptz)`;

const EVENT = `
  e.n, e.topic, s.id || '@' || e.interval as key,
  (select row_to_json(p) from (select s.id as "instrumentId", e.interval, ${CANDLE_JSON} as candle) p) as payload`;

/**
 * Minutes are found without a look at eleven other relations; their bounds keep a hypertable's plan to a few chunks. The payloads are
 * made before event_append() takes the lock on the head. A bucket of recorded gaps alone has no row and no event.
 */
const APPEND_CANDLES = {
  'roll-ups': { name: 'event-append-candles', text: appendCandles(ANY_ROLLUP) },
  minutes: { name: 'event-append-folded', text: appendCandles(ANY_FOLD) },
};

function appendCandles(anyRollup: string): string {
  return `
    with wanted as (
      select * from unnest($2::text[], $3::text[], $4::integer[], $5::timestamptz[], $8::integer[])
        as e (topic, interval, series_id, open_time, n)
    )
    select event_append($1::timestamptz, array_agg(topic order by n), array_agg(key order by n), array_agg(payload order by n))
    from (
      select n, topic, key, payload::json from unnest(${lines('$9')}, ${lines('$10')}, ${lines('$11')}, $12::integer[])
        as ready (topic, key, payload, n)
      union all
      select ${EVENT}
      from wanted e
      join instrument i on i.id = e.series_id
      cross join lateral (select i.venue || ':' || i.symbol as id) s
      join candle_1m c on c.instrument_id = e.series_id and c.open_time = e.open_time
        and c.open_time between $6::timestamptz and $7::timestamptz
      where e.interval = '1m'
      union all
      select ${EVENT}
      from wanted e
      join instrument i on i.id = e.series_id
      cross join lateral (select i.venue || ':' || i.symbol as id) s
      cross join lateral (${anyRollup} limit 1) c
      where e.interval <> '1m'
    ) as event`;
}

/** A list of lines is taken apart three times as fast as an array, in which every quote of a payload is escaped. */
function lines(parameter: string): string {
  return `string_to_array(${parameter}::text, E'\\n')`;
}

/** All there is to do at nearly every minute's end. */
const APPEND_READY = {
  name: 'event-append-ready',
  text: `select event_append($1::timestamptz, ${lines('$2')}, ${lines('$3')}, ${lines('$4')}::json[])`,
};

/**
 * Appends candles in their order: those that are ready as they are, the others as they are stored now, larger ones from their roll-ups or
 * made anew from their minutes. Locks the log: only appends may follow in the transaction.
 */
export async function appendCandleEvents(
  session: Session,
  at: EpochMs,
  events: readonly CandleEvent[],
  source: keyof typeof APPEND_CANDLES = 'roll-ups',
): Promise<void> {
  if (events.length === 0) return;
  if (events.every(isReady)) {
    await session.run(APPEND_READY, [toIso(at), ...toLines(events)]);
    return;
  }
  const numbered = events.map((event, n) => ({ event, n }));
  const ready = numbered.filter(({ event }) => isReady(event));
  const wanted = numbered.filter(({ event }) => !isReady(event));
  const others = wanted.map(({ event }) => event);
  await session.run(APPEND_CANDLES[source], [
    toIso(at),
    toArrayText(others.map(({ topic }) => topic)),
    toArrayText(others.map(({ interval }) => interval)),
    toArrayText(others.map(({ seriesId }) => seriesId)),
    toTimesText(others.map(({ openTime }) => openTime)),
    ...boundsOf(others.filter(({ interval }) => interval === '1m')),
    toArrayText(wanted.map(({ n }) => n)),
    ...toLines(ready.map(({ event }) => event)),
    toArrayText(ready.map(({ n }) => n)),
    ...(source === 'minutes' ? boundsOf(others) : []),
  ]);
}

function isReady(event: CandleEvent): boolean {
  return event.ready !== undefined;
}

function toLines(events: readonly CandleEvent[]): string[] {
  return [events.map(({ topic }) => topic), events.map(({ ready }) => ready?.key), events.map(({ ready }) => ready?.payload)].map(
    (values) => values.join('\n'),
  );
}

/** The first open time and the last moment of the events' candles; for minutes alone the last lies just beyond their open time. */
function boundsOf(events: readonly CandleEvent[]): (string | null)[] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { openTime, interval } of events) {
    from = Math.min(from, openTime);
    to = Math.max(to, openTime + intervalMs(interval));
  }
  return events.length === 0 ? [null, null] : [toIso(from as EpochMs), toIso(to as EpochMs)];
}

const APPEND = { name: 'event-append', text: 'select event_append($1::timestamptz, $2::text[], $3::text[], $4::json[])' };

/** Appends entries in their order. Locks the log: only appends may follow in the transaction. */
export async function appendEntries(session: Session, at: EpochMs, entries: readonly LogEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await session.run(APPEND, [
    toIso(at),
    entries.map((entry) => entry.topic),
    entries.map((entry) => entry.key),
    entries.map((entry) => JSON.stringify(entry.payload)),
  ]);
}
