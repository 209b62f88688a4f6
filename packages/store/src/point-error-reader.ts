import type { PointErrorReader } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findPointErrorRows } from './sql/point-errors.ts';

/** Returns the reader of the errors of point forecasts. */
export function createPointErrorReader({ sessions }: Pick<Database, 'sessions'>): PointErrorReader {
  return { findPointErrors: (key, range) => findPointErrorRows(sessions, key, range) };
}
