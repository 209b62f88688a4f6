import { type ApiScope, AppError } from '@candlecast/domain';
import type { AuthFailure } from '@pothos/plugin-scope-auth';
import type { GatewayContext } from '../context.ts';

/** What a field may ask for besides being public: scopes of keys, and what is open to everybody here. */
export interface AuthScopes {
  readonly track: boolean;
  readonly notify: boolean;
  readonly admin: boolean;
  /** Tracking, where it is open to everybody (CANDLECAST_PUBLIC_TRACKING). */
  readonly openTracking: boolean;
}

/** Returns which of them the caller of a request has. */
export function readAuthScopes({ caller, tracker }: Pick<GatewayContext, 'caller' | 'tracker'>): AuthScopes {
  const has = (scope: ApiScope) => caller.scopes.has(scope);
  return { track: has('TRACK'), notify: has('NOTIFY'), admin: has('ADMIN'), openTracking: tracker.isOpen };
}

/** Returns the error for a caller who lacks scopes: UNAUTHENTICATED for one without a key, FORBIDDEN for a key that does not have them. */
export function toRefusal({ caller }: Pick<GatewayContext, 'caller'>, failure: AuthFailure): AppError {
  const wanted = [...new Set(namesOf(failure))].map((name) => name.toUpperCase()).join(' or ') || 'ADMIN';
  if (caller.key) return new AppError('FORBIDDEN', `the API key ${caller.key.prefix}… has not the scope ${wanted}`);
  return new AppError('UNAUTHENTICATED', `this needs an API key with the scope ${wanted}`);
}

function namesOf(failure: AuthFailure): string[] {
  if ('failures' in failure) return failure.failures.flatMap(namesOf);
  return 'scope' in failure && failure.scope !== 'openTracking' ? [failure.scope] : [];
}
