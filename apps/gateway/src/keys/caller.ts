import type { ApiScope, StoredKey } from '@candlecast/domain';

/** Who asks, whatever the transport. Nothing in it is a secret. */
export interface Caller {
  /** The key that was shown. Absent for the public and for visitors of the web app, whose key it then was. */
  readonly key: Pick<StoredKey, 'id' | 'prefix' | 'name'> | undefined;
  /** What the caller may do beyond what everybody may. */
  readonly scopes: ReadonlySet<ApiScope>;
  /** The visitor of the web app, by a token that the web app signed. */
  readonly workspaceId: string | undefined;
  /** Where the caller is: an IPv4 address, or the /64 network of an IPv6 one. */
  readonly address: string;
  /** After how long the caller is no longer who it was; null: never. */
  readonly expiresInMs: number | null;
}

/** Returns what a key may do: ADMIN includes the others. */
export function expandScopes(scopes: readonly ApiScope[]): ReadonlySet<ApiScope> {
  return new Set(scopes.includes('ADMIN') ? ['READ', 'TRACK', 'NOTIFY', 'ADMIN'] : scopes);
}

const NOTHING_MORE: ReadonlySet<ApiScope> = new Set();

/** Returns somebody without a key. */
export function anybodyAt(address: string): Caller {
  return { key: undefined, scopes: NOTHING_MORE, workspaceId: undefined, address, expiresInMs: null };
}
