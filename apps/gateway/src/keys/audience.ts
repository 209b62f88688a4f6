import type { Caller } from './caller.ts';

/** Callers who may see the same: what is executed for all of them is executed in the name of `caller`, who is none of them. */
export interface Audience {
  readonly key: string;
  readonly caller: Caller;
}

/** Returns the audience of a caller: of what a caller is, only its scopes decide what the events of a topic look like. */
export function toAudience({ scopes }: Caller): Audience {
  return {
    key: [...scopes].sort().join(' '),
    caller: { key: undefined, scopes, workspaceId: undefined, address: '', expiresInMs: null },
  };
}
