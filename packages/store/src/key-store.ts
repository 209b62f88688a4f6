import type { KeyStore } from '@candlecast/domain';
import type { Database } from './database.ts';
import { findKeyByPrefix, findUsableKeys, insertKey, noteKeyUse, revokeKey, rotateKey } from './sql/keys.ts';

/** Returns where keys are kept. Nothing in it holds a key, only beginnings and hashes. */
export function createKeyStore({ sessions }: Pick<Database, 'sessions'>): KeyStore {
  return {
    findByPrefix: (prefix) => findKeyByPrefix(sessions, prefix),
    findUsable: async (ids) => (ids.length === 0 ? [] : findUsableKeys(sessions, ids)),
    create: (key) => insertKey(sessions, key),
    rotate: (id, fresh, overlapMs) => rotateKey(sessions, id, fresh, overlapMs),
    revoke: (id) => revokeKey(sessions, id),
    noteUse: async (points) => (points.size === 0 ? undefined : noteKeyUse(sessions, points)),
  };
}
