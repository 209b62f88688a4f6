import { addMs, toEpochMs } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mintKey } from './api-key.ts';
import { deriveWorkspaceSecret, isWorkspaceId, makeWorkspaceId, openWorkspaceToken, signWorkspaceToken } from './workspace-token.ts';

const NOW = toEpochMs(1_700_000_000_000);
const secret = deriveWorkspaceSecret(mintKey().key);
const id = makeWorkspaceId();
const token = signWorkspaceToken(secret, 'socket', id, NOW, 300_000);

describe('workspace tokens', () => {
  it('say whose they are until they end', () => {
    expect(openWorkspaceToken(secret, 'socket', token, NOW)).toEqual({
      ok: true,
      value: { workspaceId: id, expiresAt: addMs(NOW, 300_000) },
    });
    expect(openWorkspaceToken(secret, 'socket', token, addMs(NOW, 299_999)).ok).toBe(true);
    expect(openWorkspaceToken(secret, 'socket', token, addMs(NOW, 300_000))).toMatchObject({
      ok: false,
      error: { code: 'UNAUTHENTICATED', message: expect.stringContaining('ended') },
    });
  });

  it('hold for their use and their secret only', () => {
    expect(openWorkspaceToken(secret, 'cookie', token, NOW).ok).toBe(false);
    expect(openWorkspaceToken(secret, 'request', token, NOW).ok).toBe(false);
    expect(openWorkspaceToken(deriveWorkspaceSecret(mintKey().key), 'socket', token, NOW).ok).toBe(false);
  });

  it('cannot be changed in any letter', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: token.length - 2 }), fc.constantFrom(...'0129azAZ_-.'), (place, letter) => {
        fc.pre(token[place] !== letter);
        expect(openWorkspaceToken(secret, 'socket', token.slice(0, place) + letter + token.slice(place + 1), NOW).ok).toBe(false);
      }),
    );
  });

  it('are of workspaces with names of their own', () => {
    expect(isWorkspaceId(id)).toBe(true);
    expect(isWorkspaceId(`${id}x`)).toBe(false);
    expect(makeWorkspaceId()).not.toBe(id);
  });
});
