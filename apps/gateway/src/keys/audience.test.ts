import { describe, expect, it } from 'vitest';
import { toAudience } from './audience.ts';
import { anybodyAt, type Caller } from './caller.ts';

const keyed: Caller = {
  key: { id: 'k', prefix: 'cc_live_1', name: 'partner' },
  scopes: new Set(['TRACK', 'READ']),
  workspaceId: 'w',
  address: '192.0.2.1',
  expiresInMs: 1_000,
};

describe('an audience', () => {
  it('is the same for callers of the same scopes, whoever and wherever they are', () => {
    expect(toAudience({ ...anybodyAt('192.0.2.2'), scopes: new Set(['READ', 'TRACK']) }).key).toBe(toAudience(keyed).key);
    expect(toAudience(anybodyAt('192.0.2.1')).key).toBe(toAudience(anybodyAt('192.0.2.2')).key);
    expect(toAudience({ ...keyed, scopes: new Set(['READ']) }).key).not.toBe(toAudience(keyed).key);
    expect(toAudience(anybodyAt('192.0.2.1')).key).not.toBe(toAudience(keyed).key);
  });

  it('tells nothing of the caller but its scopes', () => {
    expect(toAudience(keyed).caller).toEqual({ ...anybodyAt(''), scopes: keyed.scopes });
  });
});
