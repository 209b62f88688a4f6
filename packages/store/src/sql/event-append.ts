// pg, not Prisma: the log's order rests on one locked row and on statements whose order is written here.
import { AppError, closeTimeOf, type EpochMs, type LogEntry, ROLLUP_LADDER, type TimeRange, toIso } from '@candlecast/domain';
import type { CandleEvent } from '../plan-candle-events.ts';
import { isLong } from '../plan-fold-sources.ts';
import { toArrayText, toTimesText } from './array-text.ts';
import { type CopyValue, escapeCopy, toCopyTexts } from './copy-text.ts';
import { findFoldSources, folds, joinRanges, toSourceParameters } from './folds.ts';
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

const INSTRUMENT = `
      wanted e
      join instrument i on i.id = e.series_id
      cross join lateral (select i.venue || ':' || i.symbol as id) s`;
const EVENT = `
  e.n, e.topic, s.id || '@' || e.interval as key,
  (select row_to_json(p) from (select s.id as "instrumentId", e.interval, ${CANDLE_JSON} as candle) p) as payload`;

/**
 * Minutes are found without a look at eleven other relations; their bounds keep a hypertable's plan to a few chunks. The payloads are
 * made before event_append() takes the lock on the head. A bucket of recorded gaps alone has no row and no event.
 *
 * Larger candles are made anew from the minutes where a continuous aggregate may not show late ones yet: to read it through ten others in real
 * time takes longer than to add up the minutes.
 */
const APPEND_CANDLES = {
  rollups: { name: 'event-append-candles', text: appendCandles(`cross join lateral (${ANY_ROLLUP} limit 1) c where e.interval <> '1m'`) },
  minutes: {
    name: 'event-append-folded',
    text: appendCandles('join folded c using (n)', folds(['$15', '$16', '$17', '$18'], ['$13', '$14'])),
  },
};

function appendCandles(larger: string, queries?: string): string {
  return `
    with wanted as (
      select * from unnest($2::text[], $3::text[], $4::integer[], $5::timestamptz[], $8::integer[])
        as e (topic, interval, series_id, open_time, n)
    )${queries ? `, ${queries}` : ''}
    select event_append($1::timestamptz, array_agg(topic order by n), array_agg(key order by n), array_agg(payload order by n))
    from (
      select n, topic, key, payload::json from unnest(${lines('$9')}, ${lines('$10')}, ${lines('$11')}, $12::integer[])
        as ready (topic, key, payload, n)
      union all
      select ${EVENT}
      from ${INSTRUMENT}
      join candle_1m c on c.instrument_id = e.series_id and c.open_time = e.open_time
        and c.open_time between $6::timestamptz and $7::timestamptz
      where e.interval = '1m'
      union all
      select ${EVENT}
      from ${INSTRUMENT}
      ${larger}
    ) as event`;
}

/** A list of lines is taken apart three times as fast as an array, in which every quote of a payload is escaped. JSON has no line feeds. */
function lines(parameter: string): string {
  return `string_to_array(${parameter}::text, E'\\n')`;
}

/** All there is to do at nearly every minute's end. */
const APPEND_READY = {
  name: 'event-append-ready',
  text: `select event_append($1::timestamptz, ${lines('$2')}, ${lines('$3')}, ${lines('$4')}::json[])`,
};

/**
 * A plan that is kept does not know how many candles it is for, and joins thousands in loops: seconds in place of milliseconds. It holds until the
 * transaction ends.
 */
const PLAN_ANEW = { name: 'event-plan-anew', text: `select set_config('plan_cache_mode', 'force_custom_plan', true)` };

/** Where candles larger than a minute come from: roll-ups that show every minute, or the minutes, of which this transaction wrote `changed`. */
export type CandleSource = { readonly kind: 'rollups' } | { readonly kind: 'minutes'; readonly changed: readonly EpochMs[] };

/**
 * Appends candles in their order: those that are ready as they are, the others as they are stored now, larger ones from their roll-ups or
 * made anew from their minutes. Locks the log: only appends may follow in the transaction.
 */
export async function appendCandleEvents(
  session: Session,
  at: EpochMs,
  events: readonly CandleEvent[],
  source: CandleSource,
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
  const parameters = [
    toIso(at),
    toArrayText(others.map(({ topic }) => topic)),
    toArrayText(others.map(({ interval }) => interval)),
    toArrayText(others.map(({ seriesId }) => seriesId)),
    toTimesText(others.map(({ openTime }) => openTime)),
    ...boundsOf(rangesOf(others.filter(({ interval }) => interval === '1m'))),
    toArrayText(wanted.map(({ n }) => n)),
    ...toLines(ready.map(({ event }) => event)),
    toArrayText(ready.map(({ n }) => n)),
  ];
  if (source.kind === 'rollups') {
    await session.run(APPEND_CANDLES.rollups, parameters);
    return;
  }
  const short = rangesOf(others.filter(({ interval }) => interval !== '1m' && !isLong(interval)));
  const sources = await findFoldSources(session, others, source.changed);
  const bounds = boundsOf([...short, ...sources.filter(({ source: name }) => name === '1m')]);
  await session.run(PLAN_ANEW);
  await session.run(APPEND_CANDLES.minutes, [...parameters, ...bounds, ...toSourceParameters(sources)]);
}

function isReady(event: CandleEvent): boolean {
  return event.ready !== undefined;
}

function toLines(events: readonly CandleEvent[]): string[] {
  return [events.map(({ topic }) => topic), events.map(({ ready }) => ready?.key), events.map(({ ready }) => ready?.payload)].map(
    (values) => values.join('\n'),
  );
}

function rangesOf(events: readonly CandleEvent[]): TimeRange[] {
  return events.map(({ openTime, interval }) => ({ from: openTime, to: closeTimeOf(openTime, interval) }));
}

function boundsOf(ranges: readonly TimeRange[]): (string | null)[] {
  if (ranges.length === 0) return [null, null];
  const { from, to } = joinRanges(ranges);
  return [toIso(from), toIso(to)];
}

/** Appends entries in their order. Locks the log: only appends may follow in the transaction. */
export async function appendEntries(session: Session, at: EpochMs, entries: readonly LogEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const columns = [entries.map(({ topic }) => topic), entries.map(({ key }) => key), entries.map(({ payload }) => JSON.stringify(payload))];
  await session.run(APPEND_READY, [toIso(at), ...columns.map((column) => column.join('\n'))]);
}

/** An entry whose payload is JSON already. */
export type WrittenEntry = Pick<LogEntry, 'topic' | 'key'> & { readonly payload: string };

/** What `event_append` does first, and last. */
const RESERVE = { name: 'event-reserve', text: 'update event_log_head set seq = seq + $1::integer returning epoch, seq' };
const TELL = { name: 'event-tell', text: `select pg_notify('candlecast_log', $1)` };
const COPY = 'copy event_log (epoch, seq, at, topic, key, payload) from stdin';

/**
 * Appends `count` entries that are written as they are asked for, while the server stores those before.
 * Locks the log: only appends may follow in the transaction.
 */
export async function appendMany(session: Session, at: EpochMs, count: number, entries: Iterable<WrittenEntry>): Promise<void> {
  const [head] = await session.run<{ epoch: string; seq: number }>(RESERVE, [count]);
  if (!head) throw new AppError('log_head_missing', 'table event_log_head has no row');
  const { epoch, seq } = head;
  const time = toIso(at);
  function* rows(): Iterable<readonly CopyValue[]> {
    let next = seq - count;
    for (const { topic, key, payload } of entries) yield [epoch, ++next, time, topic, escapeCopy(key), escapeCopy(payload)];
  }
  await session.copy(COPY, toCopyTexts(rows()));
  await session.run(TELL, [String(seq)]);
}
