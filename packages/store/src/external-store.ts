import type { ExternalReader, ExternalWriter } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findPointRows, findVersionRows, hasPoints, insertPoints } from './sql/external.ts';

/** Returns the writer of series from outside. */
export function createExternalWriter({ sessions }: Pick<Database, 'sessions'>): ExternalWriter {
  return { storePoints: (points) => insertPoints(sessions, points) };
}

/** Returns the reader of series from outside. */
export function createExternalReader({ sessions }: Pick<Database, 'sessions'>): ExternalReader {
  return {
    findPoints: (query) => findPointRows(sessions, query),
    findVersions: (query) => findVersionRows(sessions, query),
    hasSeries: (key) => hasPoints(sessions, key),
  };
}
