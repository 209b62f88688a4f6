// pg, not Prisma: inserting 1,000 candles takes 9 ms with unnest and 310 ms with createMany.
import { type CandleValues, type EpochMs, toIso } from '@candlecast/domain';
import { toArrayText, toTimesText } from './array-text.ts';
import type { Session } from './session.ts';

/** 1m candles of one series as the table names it. */
export interface SeriesRows {
  readonly seriesId: number;
  readonly candles: readonly CandleValues[];
}

/** A 1m row that a statement wrote. */
export interface ChangedRow {
  readonly seriesId: number;
  readonly openTime: EpochMs;
  readonly change: RowChange;
  /** What a new row was made from. */
  readonly sent?: CandleValues;
}

/** `new`; `corrected`: known values were replaced by others; `completed`: columns that the first source lacks were filled in. */
export type RowChange = 'new' | 'corrected' | 'completed';

/** Rows a statement; measured best between 1,000 and 10,000. */
const BATCH_SIZE = 5_000;

const COLUMNS = [
  ['instrument_id', 'integer'],
  ['open_time', 'timestamptz'],
  ['open', 'numeric'],
  ['high', 'numeric'],
  ['low', 'numeric'],
  ['close', 'numeric'],
  ['base_volume', 'numeric'],
  ['quote_volume', 'numeric'],
  ['trade_count', 'bigint'],
  ['taker_buy_base_volume', 'numeric'],
  ['taker_buy_quote_volume', 'numeric'],
  ['first_trade_id', 'bigint'],
  ['last_trade_id', 'bigint'],
] as const;

export const CANDLE_COLUMNS = COLUMNS.map(([name]) => name);
const PRICES = ['open', 'high', 'low', 'close', 'base_volume'] as const;
/** Columns that some sources lack: requested candles have no trade ids, plain OHLCV has none of them. */
const OPTIONAL = CANDLE_COLUMNS.slice(2 + PRICES.length);

const IS_CORRECTION = `(
  (${PRICES.map((name) => `stored.${name}`).join(', ')}) is distinct from (${PRICES.map((name) => `excluded.${name}`).join(', ')})
  or ${OPTIONAL.map((name) => `stored.${name} <> excluded.${name}`).join(' or ')})`;
const IS_COMPLETION = `(${OPTIONAL.map((name) => `stored.${name} is null and excluded.${name} is not null`).join(' or ')})`;
/** What a source lacks is kept from another one that told the same, or counted the same trades. */
const kept = (name: string) =>
  `${name} = coalesce(excluded.${name}, case when stored.trade_count = excluded.trade_count or not ${IS_CORRECTION} then stored.${name} end)`;

/**
 * The one rule of every write of 1m candles, after `insert into candle_1m as stored (…) select …`. A value is replaced only by a
 * different one that knows of no fewer trades: a correction, which raises the revision. Columns that the first source lacks are
 * filled in without one: what was told before is still true. What became of a row is told by its version in the statement's own
 * snapshot (writers hold the lock of the series, so nobody comes in between); `bounds` are the times between which the rows lie, two
 * parameters, so that a hypertable looks into those chunks only.
 */
export const monotoneUpsert = (bounds: readonly [from: string, to: string]) => `
    on conflict (instrument_id, open_time) do update
    set ${PRICES.map((name) => `${name} = excluded.${name}`).join(', ')},
      ${OPTIONAL.map(kept).join(',\n      ')},
      revision = stored.revision + case when ${IS_CORRECTION} then 1 else 0 end,
      known_at = case when ${IS_CORRECTION} then excluded.known_at else stored.known_at end
    where coalesce(excluded.trade_count, -1) >= coalesce(stored.trade_count, -1) and (${IS_CORRECTION} or ${IS_COMPLETION})
    returning instrument_id as "seriesId", open_time as "openTime", coalesce((
      select case when old.revision < stored.revision then 'corrected' else 'completed' end from candle_1m old
      where old.instrument_id = stored.instrument_id and old.open_time = stored.open_time
        and old.open_time >= ${bounds[0]}::timestamptz and old.open_time <= ${bounds[1]}::timestamptz), 'new') as change`;

const SENT = `unnest(${COLUMNS.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}) as sent (${CANDLE_COLUMNS.join(', ')})`;
const INSERT = `
    insert into candle_1m as stored (${CANDLE_COLUMNS.join(', ')}, known_at)
    select ${CANDLE_COLUMNS.join(', ')}, $${COLUMNS.length + 1}::timestamptz from ${SENT} order by instrument_id, open_time`;

/**
 * Nearly always every candle is new. To be told that costs nothing; the upsert looks for the earlier version of each row that it
 * returns: 5 ms of 14 for 1,000 rows on plain PostgreSQL, 12 of 23 on a hypertable.
 */
const ADD = {
  name: 'candle-add',
  text: `
    with added as (${INSERT} on conflict (instrument_id, open_time) do nothing returning instrument_id, open_time)
    select t.n::integer - 1 as index from unnest($1::integer[], $2::timestamptz[]) with ordinality as t (id, at, n)
    where (t.id, t.at) not in (select instrument_id, open_time from added)`,
};

const UPSERT = {
  name: 'candle-upsert',
  text: `${INSERT}${monotoneUpsert([`$${COLUMNS.length + 2}`, `$${COLUMNS.length + 3}`])}`,
};

/** Writes 1m rows, none of them twice, and returns those that are new or changed. */
export async function upsertCandles(session: Session, series: readonly SeriesRows[], knownAt: EpochMs): Promise<ChangedRow[]> {
  const changed: ChangedRow[] = [];
  for (const rows of toBatches(series)) {
    const known = await session.run<{ index: number }>(ADD, [...toColumns(rows), toIso(knownAt)]);
    const indexes = new Set(known.map(({ index }) => index));
    for (const [index, [seriesId, sent]] of rows.entries()) {
      if (!indexes.has(index)) changed.push({ seriesId, openTime: sent.openTime, change: 'new', sent });
    }
    if (known.length === 0) continue;
    const others = rows.filter((_, index) => indexes.has(index));
    changed.push(...(await replaceCandles(session, others, knownAt)));
  }
  return changed;
}

function replaceCandles(session: Session, rows: readonly Row[], knownAt: EpochMs): Promise<ChangedRow[]> {
  const times = rows.map(([, { openTime }]) => openTime);
  const bounds = [times.reduce((a, b) => (b < a ? b : a)), times.reduce((a, b) => (b > a ? b : a))].map(toIso);
  return session.run<ChangedRow>(UPSERT, [...toColumns(rows), toIso(knownAt), ...bounds]);
}

const TOUCH = { name: 'candle-touch', text: 'select candle_touch($1::integer[], $2::timestamptz[])' };

/** Brings the roll-ups over changed 1m rows up to date. */
export async function touchRollups(session: Session, changed: readonly ChangedRow[]): Promise<void> {
  if (changed.length === 0) return;
  await session.run(TOUCH, [toArrayText(changed.map((row) => row.seriesId)), toTimesText(changed.map((row) => row.openTime))]);
}

type Row = readonly [seriesId: number, candle: CandleValues];

function* toBatches(series: readonly SeriesRows[]): Iterable<Row[]> {
  const rows = series.flatMap(({ seriesId, candles }) => candles.map((candle): Row => [seriesId, candle]));
  for (let from = 0; from < rows.length; from += BATCH_SIZE) yield rows.slice(from, from + BATCH_SIZE);
}

function toColumns(rows: readonly Row[]): string[] {
  const columnOf = (name: keyof CandleValues) => toArrayText(rows.map(([, candle]) => candle[name]));
  return [
    toArrayText(rows.map(([seriesId]) => seriesId)),
    toTimesText(rows.map(([, { openTime }]) => openTime)),
    columnOf('open'),
    columnOf('high'),
    columnOf('low'),
    columnOf('close'),
    columnOf('baseVolume'),
    columnOf('quoteVolume'),
    columnOf('tradeCount'),
    columnOf('takerBuyBaseVolume'),
    columnOf('takerBuyQuoteVolume'),
    columnOf('firstTradeId'),
    columnOf('lastTradeId'),
  ];
}
