// pg, not Prisma: a long list of times, of which Prisma would make Date objects one by one.
import { type EpochMs, type TimeRange, toIso } from '@candlecast/domain';
import type { Session } from './session.ts';

const FIND = {
  name: 'candle-times',
  text: `
    select open_time as "openTime" from candle_1m
    where instrument_id = $1::integer and open_time >= $2::timestamptz and open_time < $3::timestamptz order by open_time`,
};

/** Returns the open times of the stored 1m candles in `range`, oldest first. */
export async function findOpenTimes(session: Pick<Session, 'run'>, seriesId: number, range: TimeRange): Promise<EpochMs[]> {
  const rows = await session.run<{ openTime: EpochMs }>(FIND, [seriesId, toIso(range.from), toIso(range.to)]);
  return rows.map((row) => row.openTime);
}
