import { type ApiScope, AppError, type EpochMs, type KeyStore } from '@candlecast/domain';
import { mintKey } from '@candlecast/identity';

/** A key that was just made. `key` is nowhere else. */
export interface CreatedKey {
  readonly id: string;
  readonly key: string;
}

/** Where keys are made, rotated and revoked. */
export interface KeyDesk {
  /** Rejects with BAD_USER_INPUT. */
  create(input: { readonly name: string; readonly scopes: readonly ApiScope[]; readonly expiresAt: EpochMs | null }): Promise<CreatedKey>;
  /** Makes the successor of a key; both work for a day. Rejects with NOT_FOUND. */
  rotate(id: string): Promise<CreatedKey>;
  /** Rejects with NOT_FOUND. */
  revoke(id: string): Promise<void>;
}

/** How long a key still works after its rotation. */
export const ROTATION_OVERLAP_MS = 86_400_000;
const MOST_NAME_LETTERS = 100;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the desk over the stored keys. */
export function createKeyDesk(store: KeyStore): KeyDesk {
  return {
    async create({ name, scopes, expiresAt }) {
      const text = name.trim();
      if (text.length === 0 || text.length > MOST_NAME_LETTERS) {
        throw new AppError('BAD_USER_INPUT', `name has ${text.length} letters, 1 to ${MOST_NAME_LETTERS} are allowed`);
      }
      if (scopes.length === 0) throw new AppError('BAD_USER_INPUT', 'scopes is empty: a key without any may do nothing');
      const { key, prefix, sha256 } = mintKey();
      return { id: await store.create({ prefix, sha256, name: text, scopes: [...new Set(scopes)], expiresAt }), key };
    },
    async rotate(id) {
      const { key, prefix, sha256 } = mintKey();
      const fresh = ID.test(id) ? await store.rotate(id, { prefix, sha256 }, ROTATION_OVERLAP_MS) : undefined;
      if (fresh === undefined) throw new AppError('NOT_FOUND', `key "${id.slice(0, 60)}" is not there, not usable, or replaced already`);
      return { id: fresh, key };
    },
    async revoke(id) {
      const isThere = ID.test(id) && (await store.revoke(id));
      if (!isThere) throw new AppError('NOT_FOUND', `key "${id.slice(0, 60)}" is not there`);
    },
  };
}
