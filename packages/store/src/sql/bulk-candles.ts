// pg, not Prisma: COPY, which Prisma does not have. Measured on plain PostgreSQL, ten weeks of minutes: the bare insert is as fast from COPY
// as from unnest (92,000 rows/s), but with no row sent back and roll-ups in sets the whole is 64,000 rows/s, against 41,000 of commitHistory.
import { type CandleValues, type EpochMs, toIso } from '@candlecast/domain';
import { CANDLE_COLUMNS, monotoneUpsert, type RowChange } from './candle-rows.ts';
import type { Session } from './session.ts';

/** What a bulk write did: rows by what became of them, and the span of those that changed. */
export interface BulkResult {
  readonly counts: Readonly<Record<RowChange, number>>;
  readonly first: EpochMs | null;
  readonly last: EpochMs | null;
  /** Where the blocks of eight hours begin in which a row is new or has new values, completed ones aside. */
  readonly blocks: readonly EpochMs[];
}

const STAGED = CANDLE_COLUMNS.filter((name) => name !== 'instrument_id');

/** A table of the session: no lock, no write-ahead log, nothing to clean up after a crash. */
const CREATE_STAGING = {
  name: 'bulk-create-staging',
  text: `create temporary table if not exists candle_staging as select ${STAGED.join(', ')} from candle_1m with no data`,
};
const CLEAR_STAGING = { name: 'bulk-clear-staging', text: 'truncate candle_staging' };

/** Sends candles to the server, where they wait for `writeStaged` of the same transaction. Takes no lock. */
export async function stageCandles(session: Session, candles: readonly CandleValues[]): Promise<void> {
  await session.run(CREATE_STAGING);
  await session.run(CLEAR_STAGING);
  await session.copy(`copy candle_staging (${STAGED.join(', ')}) from stdin`, toLines(candles));
}

const WRITE = {
  name: 'bulk-write',
  text: `
    with written as (
      insert into candle_1m as stored (${CANDLE_COLUMNS.join(', ')}, known_at)
      select $1::integer, ${STAGED.join(', ')}, $2::timestamptz from candle_staging order by open_time${monotoneUpsert(['$3', '$4'])}
    )
    select change, count(*) as count, min("openTime") as first, max("openTime") as last,
      json_agg(distinct epoch_ms(date_bin('8 hours', "openTime", timestamptz '2000-01-03 00:00+00'))) as blocks from written group by change`,
};

/** Writes what was staged to a series whose lock is held. */
export async function writeStaged(
  session: Session,
  seriesId: number,
  candles: readonly CandleValues[],
  knownAt: EpochMs,
): Promise<BulkResult> {
  const [oldest, newest] = [candles[0], candles.at(-1)];
  const counts = { new: 0, corrected: 0, completed: 0 };
  if (!oldest || !newest) return { counts, first: null, last: null, blocks: [] };
  const bounds = [toIso(oldest.openTime), toIso(newest.openTime)];
  const rows = await session.run<{ change: RowChange; count: number; first: EpochMs; last: EpochMs; blocks: EpochMs[] }>(WRITE, [
    seriesId,
    toIso(knownAt),
    ...bounds,
  ]);
  for (const { change, count } of rows) counts[change] = count;
  if (rows.length === 0) return { counts, first: null, last: null, blocks: [] };
  return {
    counts,
    first: Math.min(...rows.map(({ first }) => first)) as EpochMs,
    last: Math.max(...rows.map(({ last }) => last)) as EpochMs,
    blocks: rows.filter(({ change }) => change !== 'completed').flatMap(({ blocks }) => blocks),
  };
}

const FOLD = { name: 'bulk-fold', text: 'select candle_fold($1::integer, $2::timestamptz, $3::timestamptz)' };

/** Brings the roll-ups of one series over [first, last] up to date, in sets. */
export async function foldRollups(session: Session, seriesId: number, first: EpochMs, last: EpochMs): Promise<void> {
  await session.run(FOLD, [seriesId, toIso(first), toIso((last + 1) as EpochMs)]);
}

function* toLines(candles: readonly CandleValues[]): Iterable<string> {
  for (const candle of candles) {
    const ids = `${orNull(candle.firstTradeId)}\t${orNull(candle.lastTradeId)}`;
    const taker = `${orNull(candle.takerBuyBaseVolume)}\t${orNull(candle.takerBuyQuoteVolume)}`;
    const amounts = `${candle.baseVolume}\t${orNull(candle.quoteVolume)}\t${orNull(candle.tradeCount)}\t${taker}`;
    yield `${toIso(candle.openTime)}\t${candle.open}\t${candle.high}\t${candle.low}\t${candle.close}\t${amounts}\t${ids}\n`;
  }
}

function orNull(value: string | number | null): string | number {
  return value === null ? '\\N' : value;
}
