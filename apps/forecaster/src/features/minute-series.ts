import { AppError, type CandleValues, type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { toFeature } from './to-feature.ts';

/**
 * Closed 1m candles of one instrument as columns of floats on an unbroken grid of minutes: row i opened i minutes after `firstOpenTime`.
 * A minute that is not stored is NaN in every column, so that whatever is computed across a gap becomes NaN by itself.
 */
export interface MinuteSeries {
  readonly firstOpenTime: EpochMs;
  readonly length: number;
  /** Natural logarithms of the prices. */
  readonly logClose: Float64Array;
  readonly logHigh: Float64Array;
  readonly logLow: Float64Array;
  readonly baseVolume: Float64Array;
  /** NaN also where the source does not tell. */
  readonly takerBuyBaseVolume: Float64Array;
}

/** A MinuteSeries that takes candles as they come and forgets the oldest beyond its capacity. */
export interface MinuteBuffer {
  /** Stores a candle under its minute, later or earlier than the newest, new or corrected; one older than the capacity reaches is ignored. */
  put(candle: CandleValues): void;
  /** Returns the rows so far, without copying: valid until the next `put`. */
  series(): MinuteSeries;
}

const COLUMNS = ['logClose', 'logHigh', 'logLow', 'baseVolume', 'takerBuyBaseVolume'] as const;
/** Of the capacity. Of four days of minutes an eighth is half a day: moving them twice a day costs nothing, keeping them twice half a gigabyte at 1,600. */
const SPARE_SHARE = 1 / 8;
type Columns = Record<(typeof COLUMNS)[number], Float64Array>;

/** Returns the value of a row; NaN outside the column. */
export function valueAt(column: Float64Array, row: number): number {
  return column[row] ?? Number.NaN;
}

/** Returns an empty buffer for the newest `capacity` minutes. */
export function createMinuteBuffer(capacity: number): MinuteBuffer {
  // Some room to spare: the rows slide along it, and are moved back to its start once in a while instead of at every minute.
  const room = capacity + Math.ceil(capacity * SPARE_SHARE);
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(room).fill(Number.NaN)])) as Columns;
  let start = 0;
  let length = 0;
  let firstOpenTime = 0 as EpochMs;

  function put(candle: CandleValues): void {
    if (candle.openTime % MINUTE_MS !== 0) throw new AppError('candle_off_grid', `open time ${candle.openTime} is not a whole minute`);
    if (length === 0) firstOpenTime = candle.openTime;
    const row = (candle.openTime - firstOpenTime) / MINUTE_MS;
    if (row < 0) return;
    if (row >= length) growTo(row + 1, candle.openTime);
    const at = start + (candle.openTime - firstOpenTime) / MINUTE_MS;
    columns.logClose[at] = Math.log(toFeature(candle.close));
    columns.logHigh[at] = Math.log(toFeature(candle.high));
    columns.logLow[at] = Math.log(toFeature(candle.low));
    columns.baseVolume[at] = toFeature(candle.baseVolume);
    columns.takerBuyBaseVolume[at] = toFeature(candle.takerBuyBaseVolume);
  }

  /** Makes room for `wanted` rows, of which the last opens at `lastOpenTime`; rows in between stay NaN. */
  function growTo(wanted: number, lastOpenTime: EpochMs): void {
    const kept = Math.max(0, Math.min(length, capacity - (wanted - length)));
    const dropped = length - kept;
    if (start + dropped + Math.min(wanted, capacity) > room) {
      for (const name of COLUMNS) {
        columns[name].copyWithin(0, start + dropped, start + length);
        columns[name].fill(Number.NaN, kept);
      }
      start = 0;
    } else {
      start += dropped;
    }
    length = Math.min(wanted, capacity);
    firstOpenTime = (lastOpenTime - (length - 1) * MINUTE_MS) as EpochMs;
  }

  return {
    put,
    series: () => ({
      firstOpenTime,
      length,
      ...(Object.fromEntries(COLUMNS.map((name) => [name, columns[name].subarray(start, start + length)])) as Columns),
    }),
  };
}
