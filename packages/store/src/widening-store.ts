import type { WideningStore } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findDuePathKeys, findSpokenFans, insertWidening } from './sql/widenings.ts';

/** Returns the store of widenings. */
export function createWideningStore({ sessions }: Pick<Database, 'sessions'>): WideningStore {
  return {
    findDuePaths: (venue, madeAt) => findDuePathKeys(sessions, venue, madeAt),
    findSpokenPaths: (key, madeAt) => findSpokenFans(sessions, key, madeAt),
    saveWidening: (widening) => insertWidening(sessions, widening),
  };
}
