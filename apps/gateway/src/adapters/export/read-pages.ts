import { type Candle, closeTimeOf, type TimeRange } from '@candlecast/domain';
import { type ExportReader, type ExportRequest, storedPart } from './export-request.ts';

/** Closed candles, oldest first, and the range that they speak for. */
export interface ExportPage {
  readonly candles: readonly Candle[];
  readonly span: TimeRange;
}

/** Reads the candles of a request page by page, each only when the one before has been taken. The spans cover the whole range. */
export async function* readPages(
  reader: ExportReader,
  request: ExportRequest,
  pageRows: number,
  signal: AbortSignal,
): AsyncGenerator<ExportPage, void, undefined> {
  const { instrument, interval, range } = request;
  const stored = storedPart(request);
  let done = range.from;
  for (let next = stored?.from; stored && next !== undefined && next < stored.to; next = done) {
    signal.throwIfAborted();
    const query = { instrumentId: instrument.id, interval, range: { from: next, to: stored.to }, limit: pageRows, take: 'oldest' } as const;
    const found = await reader.findCandles(query);
    const last = found.length < pageRows ? undefined : found.at(-1);
    const to = last ? closeTimeOf(last.openTime, interval) : range.to;
    yield { candles: found.filter(({ isClosed }) => isClosed), span: { from: done, to } };
    done = to;
  }
  if (done < range.to) yield { candles: [], span: { from: done, to: range.to } };
}
