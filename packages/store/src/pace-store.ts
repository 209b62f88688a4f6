import type { PaceStore } from '@candlecast/domain';
import type { Database } from './database.ts';
import { insertPaces } from './sql/paces.ts';

/** Returns the store of paces. */
export function createPaceStore({ sessions }: Pick<Database, 'sessions'>): PaceStore {
  return { notePaces: (paces, at) => insertPaces(sessions, paces, at) };
}
