import { MINUTE_MS, toInstrumentId, type Venue } from '@candlecast/domain';
import type { Database } from '@candlecast/store';

/**
 * Fails unless the log holds every closed 1m candle of the symbol once, in order and without a hole, from its first live one up to its
 * watermark.
 */
export async function expectUnbrokenLog({ sessions }: Pick<Database, 'sessions'>, venue: Venue, symbol: string): Promise<void> {
  const id = toInstrumentId(venue, symbol);
  const events = await sessions.run<{ openTime: number }>(
    {
      name: 'test-log-of-series',
      text: `select (payload->'candle'->>'openTime')::bigint as "openTime" from event_log where topic = 'candle.closed' and key = $1 order by seq`,
    },
    [`${id}@1m`],
  );
  const [series] = await sessions.run<{ liveSince: number; watermark: number }>(
    {
      name: 'test-series-ends',
      text: `select live_since as "liveSince", watermark from instrument where venue || ':' || symbol = $1`,
    },
    [id],
  );
  if (!series) throw new Error(`${id} is not stored`);
  const times = events.map(({ openTime }) => openTime);
  const wanted = Array.from({ length: (series.watermark - series.liveSince) / MINUTE_MS + 1 }, (_, n) => series.liveSince + n * MINUTE_MS);
  const wrong = wanted.findIndex((time, index) => times[index] !== time);
  // Candles may have been closed after the watermark was read.
  if (wrong >= 0 || times.length < wanted.length) {
    throw new Error(
      `${id}: event ${wrong} of the log is of ${times[wrong]}, not of ${wanted[wrong]} (${times.length} of ${wanted.length})`,
    );
  }
}
