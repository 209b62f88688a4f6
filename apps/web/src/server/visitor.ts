import { systemClock } from '@candlecast/domain';
import { deriveWorkspaceSecret, makeWorkspaceId, openWorkspaceToken, readKeyFile, signWorkspaceToken } from '@candlecast/identity';
import { readWebSettings } from './config.ts';

/** The workspace of a visitor, in a cookie that scripts cannot read. */
export const WORKSPACE_COOKIE = 'candlecast-workspace';
const YEAR_MS = 31_536_000_000;
const TOKEN_MS = 300_000;

/** What a request of a visitor carries to the gateway, and the cookie that the visitor is given. */
export interface Visitor {
  readonly headers: Readonly<Record<string, string>>;
  /** A `Set-Cookie` for a visitor who came without a valid one. */
  readonly newCookie: string | undefined;
}

interface WebIdentity {
  readonly authorization: string;
  readonly secret: Buffer;
}

let identity: WebIdentity | undefined;

/** Returns the header by which the web app is known at the gateway; none where it has no key. */
export function webHeaders(): Record<string, string> {
  const known = loadIdentity();
  return known ? { authorization: known.authorization } : {};
}

/** Tells the gateway whose request it is, by a token that we sign, and where it comes from. */
export function readVisitor(request: Request): Visitor {
  const known = loadIdentity();
  if (!known) return { headers: {}, newCookie: undefined };
  const { workspaceId, newCookie } = openWorkspace(known, request);
  const address = request.headers.get('x-forwarded-for')?.split(',').at(-1)?.trim();
  return {
    headers: {
      authorization: known.authorization,
      'x-candlecast-workspace': signWorkspaceToken(known.secret, 'request', workspaceId, systemClock.now(), TOKEN_MS),
      ...(address ? { 'x-candlecast-visitor-address': address } : {}),
    },
    newCookie,
  };
}

/** What a visitor's page shows when it opens a socket at the gateway, for five minutes; nothing where the web app has no key. */
export function mintSocketParams(request: Request): {
  readonly params: Readonly<Record<string, string>>;
  readonly newCookie: string | undefined;
} {
  const known = loadIdentity();
  if (!known) return { params: {}, newCookie: undefined };
  const { workspaceId, newCookie } = openWorkspace(known, request);
  const token = signWorkspaceToken(known.secret, 'socket', workspaceId, systemClock.now(), TOKEN_MS);
  return { params: { 'x-candlecast-workspace': token }, newCookie };
}

/** Returns the cookie for a visitor who comes without a valid one: with the page, so that all that it asks for is of one workspace. */
export function welcome(request: Request): string | undefined {
  const known = loadIdentity();
  return known && openWorkspace(known, request).newCookie;
}

function openWorkspace(
  { secret }: WebIdentity,
  request: Request,
): { readonly workspaceId: string; readonly newCookie: string | undefined } {
  const now = systemClock.now();
  const opened = openWorkspaceToken(secret, 'cookie', readCookie(request.headers.get('cookie')), now);
  if (opened.ok) return { workspaceId: opened.value.workspaceId, newCookie: undefined };
  const workspaceId = makeWorkspaceId();
  const isSecure = request.headers.get('x-forwarded-proto')?.split(',')[0]?.trim() === 'https';
  return { workspaceId, newCookie: toCookie(signWorkspaceToken(secret, 'cookie', workspaceId, now, YEAR_MS), isSecure) };
}

function loadIdentity(): WebIdentity | undefined {
  const path = readWebSettings().CANDLECAST_WEB_KEY_FILE;
  if (path === undefined) return undefined;
  if (!identity) {
    const { key } = readKeyFile(path);
    identity = { authorization: `Bearer ${key}`, secret: deriveWorkspaceSecret(key) };
  }
  return identity;
}

function readCookie(header: string | null): string {
  const pairs = (header ?? '').split(/;\s*/).map((pair) => pair.split('=', 2));
  return pairs.find(([name]) => name === WORKSPACE_COOKIE)?.[1] ?? '';
}

function toCookie(token: string, isSecure: boolean): string {
  const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_MS / 1_000}`;
  return `${WORKSPACE_COOKIE}=${token}; ${attributes}${isSecure ? '; Secure' : ''}`;
}
