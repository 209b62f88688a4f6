import type { DriftStore } from '@candlecast/domain';
import type { Database } from './database.ts';
import { countGapped, findDriftInputs, findNewestChecks, insertCheck } from './sql/drift.ts';

/** Returns the store of how champions stood. */
export function createDriftStore({ sessions }: Pick<Database, 'sessions'>): DriftStore {
  return {
    findInputs: (venue, modelId, range, instruments) => findDriftInputs(sessions, venue, modelId, range, instruments),
    countGapped: (venue, range, mostMs) => countGapped(sessions, venue, range, mostMs),
    async saveChecks(checks) {
      for (const check of checks) await insertCheck(sessions, check);
    },
    findNewest: (venue) => findNewestChecks(sessions, venue),
  };
}
