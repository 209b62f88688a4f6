// pg, not Prisma: 1,000 candles take 2.7 ms with exact decimals as text; Prisma's Decimal objects make it 19 ms and drop trailing zeros.
import { addMs, type CandleQuery, type CandleValues, type EpochMs, intervalMs, type TimeRange, toIso } from '@candlecast/domain';
import type { Session, Statement } from './session.ts';

/** A stored candle before what the series' state says about it. */
export interface CandleRow extends CandleValues {
  readonly revision: number;
  readonly knownAt: EpochMs;
}

/**
 * Returns at most `limit` candles from one end of `range`, oldest first. Looks first where a series without holes has them, because a
 * continuous aggregate and a hypertable of many chunks are slow on a long range with a limit, and takes the whole range when that was not enough.
 */
export async function findCandleRows(session: Pick<Session, 'run'>, seriesId: number, query: CandleQuery): Promise<CandleRow[]> {
  const near = nearRange(query);
  const rows = await readPage(session, seriesId, query, near);
  if (rows.length === query.limit || (near.from <= query.range.from && near.to >= query.range.to)) return rows;
  return readPage(session, seriesId, query, query.range);
}

function nearRange({ interval, range, limit, take }: CandleQuery): TimeRange {
  const spanMs = limit * intervalMs(interval);
  if (take === 'newest') return { from: Math.max(range.from, range.to - spanMs) as EpochMs, to: range.to };
  return { from: range.from, to: Math.min(range.to, addMs(range.from, spanMs)) as EpochMs };
}

async function readPage(session: Pick<Session, 'run'>, seriesId: number, query: CandleQuery, range: TimeRange): Promise<CandleRow[]> {
  const rows = await session.run<CandleRow>(pageStatement(query), [seriesId, toIso(range.from), toIso(range.to), query.limit]);
  return query.take === 'newest' ? rows.reverse() : rows;
}

function pageStatement({ interval, take }: Pick<CandleQuery, 'interval' | 'take'>): Statement {
  return {
    name: `candles-${interval}-${take}`,
    text: `
      select open_time as "openTime", open, high, low, close, base_volume as "baseVolume", quote_volume as "quoteVolume",
        trade_count as "tradeCount", taker_buy_base_volume as "takerBuyBaseVolume", taker_buy_quote_volume as "takerBuyQuoteVolume",
        first_trade_id as "firstTradeId", last_trade_id as "lastTradeId", revision, known_at as "knownAt"
      from candle_${interval}
      where instrument_id = $1::integer and open_time >= $2::timestamptz and open_time < $3::timestamptz
      order by open_time ${take === 'newest' ? 'desc' : 'asc'} limit $4::integer`,
  };
}

/** Returns how many candles of `interval` are stored in `range`. */
export async function countCandleRows(
  session: Pick<Session, 'run'>,
  seriesId: number,
  interval: CandleQuery['interval'],
  range: TimeRange,
): Promise<number> {
  const statement = {
    name: `candles-count-${interval}`,
    text: `
      select count(*) from candle_${interval}
      where instrument_id = $1::integer and open_time >= $2::timestamptz and open_time < $3::timestamptz`,
  };
  const [row] = await session.run<{ count: number }>(statement, [seriesId, toIso(range.from), toIso(range.to)]);
  return row?.count ?? 0;
}
