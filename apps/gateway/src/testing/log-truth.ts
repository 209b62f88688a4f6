import { candleKey, type InstrumentId, type Interval, type LogPosition, toIso } from '@candlecast/domain';
import type { TestMarket } from './test-market.ts';

/** Returns the open times of the closed candles that the log holds after `start`, in order. */
export async function closedInLog(market: TestMarket, start: LogPosition, id: InstrumentId, interval: Interval = '1m'): Promise<string[]> {
  const events = await market.log.read({ after: start, limit: 100_000, topics: ['candle.closed'], keys: [candleKey(id, interval)] });
  return events.flatMap((event) => (event.topic === 'candle.closed' ? toIso(event.payload.candle.openTime) : []));
}
