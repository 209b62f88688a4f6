import type { KeyStore, NewKey } from '@candlecast/domain';
import { toEpochMs } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyStore } from './key-store.ts';
import { openTestStore, type TestStore } from './testing/test-store.ts';

const HOUR_MS = 3_600_000;

let store: TestStore;
let keys: KeyStore;
let made = 0;

beforeAll(async () => {
  store = await openTestStore();
  keys = createKeyStore(store.db);
});
afterAll(() => store.close());

function aKey(values: Partial<NewKey> = {}): NewKey {
  const number = `${++made}`.padStart(8, '0');
  return { prefix: `cc_live_${number}`, sha256: number.repeat(8), name: 'partner', scopes: ['READ', 'TRACK'], expiresAt: null, ...values };
}

/** Moves the end of a key: what passes with time is the database's time. */
const endKey = (id: string) => store.sql(`update api_key set expires_at = clock_timestamp() - interval '1 ms' where id = '${id}'`);

describe('keys', () => {
  it('come back by their beginning', async () => {
    const key = aKey();
    const id = await keys.create(key);
    expect(await keys.findByPrefix(key.prefix)).toEqual({
      ...{ id, prefix: key.prefix, sha256: key.sha256, name: 'partner', scopes: ['READ', 'TRACK'] },
      expiresInMs: null,
      isRevoked: false,
    });
    expect(await keys.findByPrefix('cc_live_nothere0')).toBeUndefined();
  });

  it('tell how long they still last', async () => {
    const [now] = await store.sql<{ at: number }>('select extract(epoch from clock_timestamp())::double precision * 1000 as at');
    const id = await keys.create(aKey({ expiresAt: toEpochMs(Math.round((now?.at ?? 0) + HOUR_MS)) }));
    const [usable] = await keys.findUsable([id]);
    expect(usable?.expiresInMs).toBeGreaterThan(HOUR_MS - 60_000);
    expect(usable?.expiresInMs).toBeLessThanOrEqual(HOUR_MS + 1);
    await endKey(id);
    expect(await keys.findUsable([id])).toEqual([]);
  });

  it('are no longer usable once they are revoked, for good', async () => {
    const key = aKey();
    const id = await keys.create(key);
    expect(await keys.revoke(id)).toBe(true);
    const [first] = await store.sql<{ at: string }>(`select revoked_at::text as at from api_key where id = '${id}'`);
    expect(await keys.revoke(id)).toBe(true);
    expect(await store.sql(`select revoked_at::text as at from api_key where id = '${id}'`)).toEqual([first]);
    expect(await keys.findUsable([id])).toEqual([]);
    expect(await keys.findByPrefix(key.prefix)).toMatchObject({ isRevoked: true });
    expect(await keys.revoke('00000000-0000-4000-8000-000000000000')).toBe(false);
  });

  it('are rotated with an overlap', async () => {
    const old = await keys.create(aKey({ name: 'rotated', scopes: ['ADMIN'] }));
    const { prefix, sha256 } = aKey();
    const fresh = await keys.rotate(old, { prefix, sha256 }, HOUR_MS);
    const found = await keys.findUsable([old, fresh ?? '']);
    expect(found.find(({ id }) => id === fresh)).toMatchObject({ name: 'rotated', scopes: ['ADMIN'], expiresInMs: null, sha256 });
    const left = found.find(({ id }) => id === old)?.expiresInMs;
    expect(left).toBeGreaterThan(HOUR_MS - 60_000);
    expect(left).toBeLessThanOrEqual(HOUR_MS);
    expect(await store.sql(`select replaced_by::text as by from api_key where id = '${old}'`)).toEqual([{ by: fresh }]);
  });

  it('are rotated once, and only while they may be used', async () => {
    const id = await keys.create(aKey());
    const next = () => {
      const { prefix, sha256 } = aKey();
      return keys.rotate(id, { prefix, sha256 }, HOUR_MS);
    };
    const made = await Promise.all([next(), next()]);
    expect(made.filter((fresh) => fresh !== undefined)).toHaveLength(1);
    const revoked = await keys.create(aKey());
    await keys.revoke(revoked);
    expect(await keys.rotate(revoked, { prefix: aKey().prefix, sha256: aKey().sha256 }, HOUR_MS)).toBeUndefined();
    const ended = await keys.create(aKey());
    await endKey(ended);
    expect(await keys.rotate(ended, { prefix: aKey().prefix, sha256: aKey().sha256 }, HOUR_MS)).toBeUndefined();
  });

  it('count what they spend', async () => {
    const ids = [await keys.create(aKey()), await keys.create(aKey())] as const;
    await keys.noteUse(new Map([...ids.map((id, index) => [id, 10 + index] as const)]));
    await keys.noteUse(new Map([[ids[0], 5]]));
    await keys.noteUse(new Map());
    const rows = await store.sql(
      `select used_points::int as points, last_used_at is not null as used from api_key where id = any ('{${ids}}') order by used_points`,
    );
    expect(rows).toEqual([
      { points: 11, used: true },
      { points: 15, used: true },
    ]);
  });
});
