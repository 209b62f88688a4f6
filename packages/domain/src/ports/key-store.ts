import type { EpochMs } from '../time.ts';

/** What a key may do; ADMIN includes the others. */
export const API_SCOPES = ['READ', 'TRACK', 'NOTIFY', 'ADMIN'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** What is known of a key without the key. */
export interface StoredKey {
  readonly id: string;
  /** The beginning of the key, by which it is found and called. */
  readonly prefix: string;
  /** Of the whole key, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
  /** Until it ends, by the database's clock: not positive when it has; null: it has no end. */
  readonly expiresInMs: number | null;
  readonly isRevoked: boolean;
}

/** A key to be stored. `expiresAt` is wall time; null: no end. */
export interface NewKey extends Pick<StoredKey, 'prefix' | 'sha256' | 'name' | 'scopes'> {
  readonly expiresAt: EpochMs | null;
}

/** Where keys are kept. */
export interface KeyStore {
  findByPrefix(prefix: string): Promise<StoredKey | undefined>;
  /** Returns those of the keys that may still be used. */
  findUsable(ids: readonly string[]): Promise<StoredKey[]>;
  /** Returns the id of the new key. */
  create(key: NewKey): Promise<string>;
  /**
   * Stores a key with the name and the scopes of key `id`, which then ends after `overlapMs` unless it ends sooner. Returns the id of the new
   * key, or undefined when `id` is no key that may be used, or one that was replaced before.
   */
  rotate(id: string, fresh: Pick<NewKey, 'prefix' | 'sha256'>, overlapMs: number): Promise<string | undefined>;
  /** Returns false when there is no such key. A key that is revoked already stays as it is. */
  revoke(id: string): Promise<boolean>;
  /** Adds spent points by key, and notes that the keys were used just now. */
  noteUse(points: ReadonlyMap<string, number>): Promise<void>;
}
