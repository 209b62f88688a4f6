import { type EpochMs, toEpochMs, type Venue } from '@candlecast/domain';
import { runStatement } from '@candlecast/postgres';

/** Tells whether the database at `url` holds a candle of `venue`. */
export async function hasCandles(url: string, venue: Venue): Promise<boolean> {
  const rows = await runStatement(
    url,
    'select 1 from instrument i where venue = $1 and exists (select 1 from candle_1m c where c.instrument_id = i.id) limit 1',
    [venue],
  );
  return rows.length > 0;
}

/** Returns the newest open time up to which a live series of `venue` is complete, or undefined when none has been live. */
export async function findNewestOpenTime(url: string, venue: Venue): Promise<EpochMs | undefined> {
  const rows = await runStatement<{ newest: Date | null }>(url, 'select max(watermark) as newest from instrument where venue = $1', [
    venue,
  ]);
  const newest = rows[0]?.newest;
  return newest ? toEpochMs(newest.getTime()) : undefined;
}
