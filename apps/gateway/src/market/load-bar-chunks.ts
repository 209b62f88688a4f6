import {
  ALL_TIME,
  AppError,
  type BarChunk,
  type BarChunkRow,
  type CandleReader,
  type EpochMs,
  type Instrument,
  type Interval,
  type LogPosition,
  type TimeRange,
} from '@candlecast/domain';

/** The chunks of a series, and the newest one, which grows, with its bars; all of one snapshot. */
export interface BarChunks {
  readonly chunks: readonly BarChunkRow[];
  /** Undefined for a series without candles. */
  readonly tail: BarChunk | undefined;
  readonly firstOpenTime: EpochMs | null;
  readonly position: LogPosition;
}

/** Chunks that are listed when no beginning is asked for: enough for a first picture. */
export const FIRST_CHUNKS = 3;
/** Most chunks of one list. */
export const MOST_CHUNKS = 1_000;

/** Reads the chunks that overlap a range, without a beginning the newest three before its end. Throws RANGE_TOO_LARGE above 1,000. */
export async function loadBarChunks(
  reader: Pick<CandleReader, 'findBarChunks'>,
  query: {
    readonly instrument: Instrument;
    readonly interval: Interval;
    readonly from: EpochMs | undefined;
    readonly to: EpochMs | undefined;
  },
): Promise<BarChunks> {
  const { instrument, interval, from, to } = query;
  const range: TimeRange = { from: from ?? ALL_TIME.from, to: to ?? ALL_TIME.to };
  const limit = from === undefined ? FIRST_CHUNKS : MOST_CHUNKS + 1;
  const { chunks, tail, position } = await reader.findBarChunks({ instrumentId: instrument.id, interval, range, limit });
  if (chunks.length > MOST_CHUNKS) {
    throw new AppError('RANGE_TOO_LARGE', `the range holds more than ${MOST_CHUNKS} chunks of ${interval}: ask for a part of it`);
  }
  return { chunks, tail, firstOpenTime: instrument.firstOpenTime, position };
}
