import type { ChampionStore, NewChampionChange } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findChampionRows, findPairRows, insertChange } from './sql/champions.ts';
import type { Session } from './sql/session.ts';

/** Returns the store of champions. */
export function createChampionStore({ sessions }: Pick<Database, 'sessions'>): ChampionStore {
  return {
    findChampions: (venue) => findChampionRows(sessions, venue),
    change: (changes) =>
      sessions
        .transact((session) => insertAll(session, changes))
        .catch((cause: unknown) => {
          if (cause === OVERTAKEN) return false;
          throw cause;
        }),
    findPairedOrigins: (query) => findPairRows(sessions, query),
  };
}

const OVERTAKEN = Symbol('another change came first');

async function insertAll(session: Session, changes: readonly NewChampionChange[]): Promise<boolean> {
  for (const change of changes) if (!(await insertChange(session, change))) throw OVERTAKEN;
  return true;
}
