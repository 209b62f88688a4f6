import { addMs, type CandleReader, type EpochMs, type InstrumentId, MINUTE_MS } from '@candlecast/domain';
import { createMinuteBuffer, type MinuteBuffer } from './minute-series.ts';

/** Candles in one query. */
const PAGE_MINUTES = 4_000;

/** Reads the stored 1m candles of the `minutes` before `end` into a new buffer of that size, a page at a time. */
export async function loadSeries(candles: CandleReader, instrumentId: InstrumentId, end: EpochMs, minutes: number): Promise<MinuteBuffer> {
  const buffer = createMinuteBuffer(minutes);
  for (let from = addMs(end, -minutes * MINUTE_MS); from < end; from = addMs(from, PAGE_MINUTES * MINUTE_MS)) {
    const range = { from, to: addMs(from, Math.min(PAGE_MINUTES * MINUTE_MS, end - from)) };
    const found = await candles.findCandles({ instrumentId, interval: '1m', range, limit: PAGE_MINUTES, take: 'oldest' });
    for (const candle of found) buffer.put(candle);
  }
  return buffer;
}
