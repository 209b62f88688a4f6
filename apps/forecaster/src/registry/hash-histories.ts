import { createHash } from 'node:crypto';
import type { InstrumentId } from '@candlecast/domain';
import type { NamedBars } from '../dataset/named-bars.ts';
import { BAR_COLUMNS } from '../features/bar.ts';
import type { MinuteSeries } from '../features/minute-series.ts';

/** A history and whose it is. */
export interface NamedHistory {
  readonly instrumentId: InstrumentId;
  readonly series: MinuteSeries;
}

/**
 * Returns the SHA-256, in hexadecimal digits, of what a training is given: of each instrument in this order its id, the first minute and the count on a line, then
 * the columns as little-endian doubles. NaN, the mark of a minute that is not stored, is the one that the engine writes.
 */
export function hashHistories(histories: readonly NamedHistory[]): string {
  const hash = createHash('sha256');
  for (const { instrumentId, series } of histories) {
    hash.update(`${instrumentId} ${series.firstOpenTime} ${series.length}\n`);
    const { logClose, logHigh, logLow, baseVolume, takerBuyBaseVolume } = series;
    for (const column of [logClose, logHigh, logLow, baseVolume, takerBuyBaseVolume])
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return hash.digest('hex');
}

/** The same of bars: id, first open time, length of a bar and count on a line, then the columns in the order of BAR_COLUMNS. */
export function hashBars(bars: readonly NamedBars[]): string {
  const hash = createHash('sha256');
  for (const { instrumentId, series } of bars) {
    hash.update(`${instrumentId} ${series.firstOpenTime} ${series.stepMs} ${series.length}\n`);
    for (const name of BAR_COLUMNS) {
      const { buffer, byteOffset, byteLength } = series.columns[name];
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest('hex');
}
