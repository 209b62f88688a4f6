// pg, not Prisma: one statement for 1,600 instruments, values as their stored text.
import { type DailyTotalQuery, type DailyTotalRow, splitInstrumentId, toIso } from '@candlecast/domain';
import type { Session, Statement } from './session.ts';

function statement(take: DailyTotalQuery['take']): Statement {
  return {
    name: `daily-totals-${take}`,
    text: `
      select i.venue || ':' || i.symbol as "instrumentId", c.open, c.high, c.low, c.close, c.base_volume as "baseVolume",
        c.quote_volume as "quoteVolume", c.trade_count as "tradeCount",
        coalesce(i.watermark >= $3::timestamptz + interval '23 hours 59 minutes', false) as "isClosed"
      from unnest($1::text[], $2::text[]) with ordinality as wanted (venue, symbol, n)
      join instrument i using (venue, symbol)
      cross join lateral (select * from candle_1d c where c.instrument_id = i.id and c.open_time = $3::timestamptz) c
      order by wanted.n ${take === 'first' ? 'asc' : 'desc'} limit $4::integer`,
  };
}

/** Returns the day's totals of those instruments that have a candle on it, in the order of the ids. */
export async function findDailyTotalRows(
  session: Pick<Session, 'run'>,
  { instrumentIds, day, limit, take }: DailyTotalQuery,
): Promise<DailyTotalRow[]> {
  const parts = instrumentIds.map(splitInstrumentId);
  const rows = await session.run<DailyTotalRow>(statement(take), [
    parts.map(({ venue }) => venue),
    parts.map(({ symbol }) => symbol),
    toIso(day),
    limit,
  ]);
  return take === 'last' ? rows.reverse() : rows;
}
