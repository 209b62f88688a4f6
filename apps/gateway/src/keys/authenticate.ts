import { AppError, type Clock } from '@candlecast/domain';
import { deriveWorkspaceSecret, type MintedKey, openWorkspaceToken, type WorkspaceTokenUse } from '@candlecast/identity';
import { anybodyAt, type Caller, expandScopes } from './caller.ts';
import { toSubject } from './client-address.ts';
import type { KeyRing } from './key-ring.ts';

/** What a request shows of who sends it: headers over HTTP, `connectionParams` over WebSocket. */
export interface Credentials {
  readonly authorization: string | undefined;
  /** A token that the web app signed for a visitor. */
  readonly workspace: string | undefined;
  /** Where the visitor is, believed from the web app alone. */
  readonly visitorAddress: string | undefined;
  /** Where the request comes from. */
  readonly address: string;
}

/** Tells who asks. Rejects with UNAUTHENTICATED when what was shown is wrong; showing nothing is allowed. */
export type Authenticate = (shown: Credentials, use: Exclude<WorkspaceTokenUse, 'cookie'>) => Promise<Caller>;

/** What visitors of the web app may do. The web app's own key may track, on their behalf only where tracking is open to everybody. */
const VISITOR_SCOPES = expandScopes(['READ', 'NOTIFY']);

/** Returns the check of credentials. `webKey` is the web app's key; without it no workspace token is believed. `clock` is wall time. */
export function createAuthenticate(options: { ring: KeyRing; webKey: MintedKey | undefined; clock: Clock }): Authenticate {
  const { ring, webKey, clock } = options;
  const secret = webKey && deriveWorkspaceSecret(webKey.key);

  return async (shown, use) => {
    const stored = shown.authorization === undefined ? undefined : await ring.open(toKeyText(shown.authorization));
    if (stored && shown.workspace === undefined) {
      const { id, prefix, name } = stored;
      return {
        key: { id, prefix, name },
        scopes: expandScopes(stored.scopes),
        workspaceId: undefined,
        address: shown.address,
        expiresInMs: stored.expiresInMs,
      };
    }
    if (shown.workspace === undefined) return anybodyAt(shown.address);
    // A request for a visitor comes from the web app; a visitor's socket comes from the browser, which has the token alone.
    const isFromWeb = stored !== undefined && stored.sha256 === webKey?.sha256;
    if (!secret || isFromWeb !== (use === 'request')) {
      throw new AppError('UNAUTHENTICATED', 'the workspace token is not valid here');
    }
    const token = openWorkspaceToken(secret, use, shown.workspace, clock.now());
    if (!token.ok) throw token.error;
    const { workspaceId, expiresAt } = token.value;
    const address = isFromWeb && shown.visitorAddress !== undefined ? toSubject(shown.visitorAddress) : shown.address;
    return { key: undefined, scopes: VISITOR_SCOPES, workspaceId, address, expiresInMs: expiresAt - clock.now() };
  };
}

function toKeyText(authorization: string): string {
  const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (key === undefined) throw new AppError('UNAUTHENTICATED', 'the authorization is not of the form "Bearer cc_live_…"');
  return key;
}
