import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@candlecast/domain';
import { deriveWorkspaceSecret, mintKey, openWorkspaceToken } from '@candlecast/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mintSocketParams, readVisitor, WORKSPACE_COOKIE, webHeaders, welcome } from './visitor.ts';

const minted = mintKey();
const secret = deriveWorkspaceSecret(minted.key);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-visitor-'));
  writeFileSync(join(folder, 'web.key'), minted.key);
});
afterAll(() => {
  delete process.env.CANDLECAST_WEB_KEY_FILE;
  rmSync(folder, { recursive: true });
});

const visit = (headers: Record<string, string> = {}) => readVisitor(new Request('http://localhost:3000/graphql', { headers }));
const workspaceOf = (token: string | undefined) => {
  const opened = openWorkspaceToken(secret, 'request', token ?? '', systemClock.now());
  return opened.ok ? opened.value.workspaceId : opened.error.message;
};

describe('a visitor', () => {
  it('is nobody while the web app has no key', () => {
    expect(visit()).toEqual({ headers: {}, newCookie: undefined });
    expect(webHeaders()).toEqual({});
    expect(mintSocketParams(new Request('http://localhost:3000/'))).toEqual({ params: {}, newCookie: undefined });
    expect(welcome(new Request('http://localhost:3000/'))).toBeUndefined();
  });

  it('is given a workspace once, in a cookie that scripts cannot read', () => {
    process.env.CANDLECAST_WEB_KEY_FILE = join(folder, 'web.key');
    const first = visit({ 'x-forwarded-for': '203.0.113.9, 198.51.100.7', 'x-forwarded-proto': 'https' });
    expect(first.headers).toMatchObject({ authorization: `Bearer ${minted.key}`, 'x-candlecast-visitor-address': '198.51.100.7' });
    expect(first.newCookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=31536000; Secure$/);
    expect(first.newCookie).not.toContain(minted.key);
    const cookie = first.newCookie?.split(';')[0] ?? '';
    const second = visit({ cookie: `theme=dark; ${cookie}` });
    expect(second.newCookie).toBeUndefined();
    expect(workspaceOf(second.headers['x-candlecast-workspace'])).toBe(workspaceOf(first.headers['x-candlecast-workspace']));
  });

  it('with a cookie that is not ours is somebody new', () => {
    const { newCookie, headers } = visit({ cookie: `${WORKSPACE_COOKIE}=w1.${'x'.repeat(22)}.9999999999999.${'y'.repeat(43)}` });
    expect(newCookie).toContain(`${WORKSPACE_COOKIE}=w1.`);
    expect(workspaceOf(headers['x-candlecast-workspace'])).not.toBe('x'.repeat(22));
  });

  it('shows at a socket a token for five minutes, which is good for nothing else', () => {
    const cookie = welcome(new Request('http://localhost:3000/'))?.split(';')[0] ?? '';
    expect(welcome(new Request('http://localhost:3000/', { headers: { cookie } }))).toBeUndefined();
    const { params, newCookie } = mintSocketParams(new Request('http://localhost:3000/', { headers: { cookie } }));
    expect(newCookie).toBeUndefined();
    const token = params['x-candlecast-workspace'] ?? '';
    const opened = openWorkspaceToken(secret, 'socket', token, systemClock.now());
    expect(opened.ok && opened.value.workspaceId).toBe(workspaceOf(visit({ cookie }).headers['x-candlecast-workspace']));
    expect(opened.ok && Math.round((opened.value.expiresAt - systemClock.now()) / 60_000)).toBe(5);
    expect(openWorkspaceToken(secret, 'cookie', token, systemClock.now()).ok).toBe(false);
  });
});
