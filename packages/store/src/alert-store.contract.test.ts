import { randomUUID } from 'node:crypto';
import {
  type AlertBook,
  type AlertRegister,
  alertKey,
  type DeskLease,
  type InstrumentId,
  type NewAlertFiring,
  toDecimal,
} from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAlertBook, createAlertRegister } from './alert-store.ts';
import { createKeyStore } from './key-store.ts';
import { minute, openTestStore, type TestStore } from './testing/test-store.ts';

const LONG_MS = 600_000;
const ARMED = { price: { side: 'ABOVE', isArmed: true } } as const;
const SYMBOL = 'SIM:TESTUSDT' as InstrumentId;
let store: TestStore;
let register: AlertRegister;
let book: AlertBook;
let mine: DeskLease;

beforeAll(async () => {
  store = await openTestStore();
  register = createAlertRegister(store.db);
  book = createAlertBook(store.db);
  mine = (await book.takeLease('me', LONG_MS)) as DeskLease;
});
afterAll(() => store.close());

async function create(owner: string = randomUUID(), most = 5): Promise<string | undefined> {
  const alert = { kind: 'PRICE_LEVEL', rule: { level: '1000.00' }, note: 'n', once: false, cooldownMs: 5, expiresAt: minute(9) };
  return register.create({ owner, instrumentId: SYMBOL, ...alert }, most);
}

function firingOf(alertId: string, owner: string, source: string): NewAlertFiring {
  const told = { crossed: 'UP', value: toDecimal('1000.10'), level: toDecimal('1000.00'), reason: 'why' } as const;
  const alert = { alertId, owner, instrumentId: SYMBOL, kind: 'PRICE_LEVEL', note: 'n' };
  return { id: randomUUID(), ...alert, at: minute(1), ...told, source, loggedAt: minute(2) };
}

async function save(firings: readonly NewAlertFiring[], token = mine.token, seq = 1) {
  const [head] = await store.sql<{ epoch: string }>('select epoch from event_log_head');
  const changes = firings.map(({ alertId, at }) => ({ alertId, state: 'ACTIVE' as const, memory: ARMED, lastFiredAt: at }));
  return book.savePass(token, { to: { epoch: head?.epoch ?? '', seq }, changes, firings });
}

async function loggedFor(owner: string) {
  return (await store.readLog()).filter(({ key }) => key === alertKey(owner));
}

describe('the register of alerts', () => {
  it('lets an owner have so many and no more, also when they come at the same moment', async () => {
    const owner = randomUUID();
    const ids = await Promise.all(Array.from({ length: 6 }, () => create(owner, 3)));
    expect(ids.filter((id) => id !== undefined)).toHaveLength(3);
  });

  it('begins an alert where the log stands, and keeps it as it was made', async () => {
    const id = await create('a beginner');
    const [head] = await store.sql('select epoch, seq from event_log_head');
    expect((await book.findAlerts()).find((one) => one.id === id)).toEqual({
      ...{ id, owner: 'a beginner', instrumentId: SYMBOL, kind: 'PRICE_LEVEL', rule: { level: '1000.00' }, note: 'n', once: false },
      ...{ cooldownMs: 5, expiresAt: minute(9), memory: null, lastFiredAt: null, createdAfter: head },
    });
  });

  it('removes an alert with its firings for its owner alone, and counts what was made and removed', async () => {
    const before = await book.countChanges();
    const id = (await create('its owner')) as string;
    await save([firingOf(id, 'its owner', '1')]);
    expect(await register.remove(id, ['somebody else'])).toBe(false);
    expect(await register.remove(id, ['somebody else', 'its owner'])).toBe(true);
    expect(await store.sql(`select id from alert_firing where alert_id = '${id}'`)).toEqual([]);
    expect(await register.remove(id, ['its owner'])).toBe(false);
    expect(await book.countChanges()).toBe(before + 2);
  });
});

describe('a pass', () => {
  it('stores place, memory and firings, and logs what fired', async () => {
    const owner = randomUUID();
    const id = (await create(owner)) as string;
    const firing = firingOf(id, owner, '7');
    expect((await save([firing], mine.token, 7)).map((one) => one.id)).toEqual([firing.id]);
    expect(await book.takeLease('me', LONG_MS)).toMatchObject({ token: mine.token, position: { seq: 7 } });
    expect((await book.findAlerts()).find((one) => one.id === id)).toMatchObject({ memory: ARMED, lastFiredAt: minute(1) });
    const { source: _, loggedAt: __, ...payload } = firing;
    expect(await loggedFor(owner)).toMatchObject([{ topic: 'alert.fired', at: minute(2), payload }]);
    expect(await store.sql(`select fired_count from alert where id = '${id}'`)).toEqual([{ fired_count: 1 }]);
  });

  it('fires for the same source once', async () => {
    const owner = randomUUID();
    const id = (await create(owner)) as string;
    await save([firingOf(id, owner, '8')]);
    expect(await save([firingOf(id, owner, '8')])).toEqual([]);
    expect(await loggedFor(owner)).toHaveLength(1);
  });

  it('leaves out an alert that was removed meanwhile', async () => {
    const [gone, there] = [(await create('gone')) as string, (await create('there')) as string];
    await register.remove(gone, ['gone']);
    const stored = await save([firingOf(gone, 'gone', '9'), firingOf(there, 'there', '9')]);
    expect(stored.map(({ alertId }) => alertId)).toEqual([there]);
    expect([await loggedFor('gone'), (await loggedFor('there')).length]).toEqual([[], 1]);
  });

  it('is refused whole to a process that lost its lease', async () => {
    const owner = randomUUID();
    const id = (await create(owner)) as string;
    await book.dropLease(mine.token);
    const yours = (await book.takeLease('you', LONG_MS)) as DeskLease;
    await expect(save([firingOf(id, owner, '10')], mine.token, 99)).rejects.toMatchObject({ code: 'lease_lost' });
    expect([await loggedFor(owner), await store.sql(`select id from alert_firing where alert_id = '${id}'`)]).toEqual([[], []]);
    expect(await book.takeLease('me', LONG_MS)).toBeUndefined();
    await book.dropLease(yours.token);
    mine = (await book.takeLease('me', LONG_MS)) as DeskLease;
    expect(mine.token).toBe(yours.token + 1);
    expect(mine.position?.seq).not.toBe(99);
  });
});

describe('alerts', () => {
  it('of a key that was revoked are looked after no longer, but for those of a key that was replaced', async () => {
    const keys = createKeyStore(store.db);
    const made = (n: number) => ({ prefix: `cc_live_${`${n}`.repeat(8)}`, sha256: `${n}`.repeat(64) });
    const [kept, revoked] = [
      await keys.create({ ...made(1), name: 'kept', scopes: ['NOTIFY'], expiresAt: null }),
      await keys.create({ ...made(2), name: 'revoked', scopes: ['NOTIFY'], expiresAt: null }),
    ];
    await create(`key:${kept}`);
    await create(`key:${revoked}`);
    await keys.revoke(revoked);
    const owners = (await book.findAlerts()).map(({ owner }) => owner).filter((owner) => owner.startsWith('key:'));
    expect(owners).toEqual([`key:${kept}`]);
  });

  it('that are over go after their time, firings too, and nothing that is looked after', async () => {
    const [over, young, active] = [(await create('over')) as string, (await create('young')) as string, (await create('active')) as string];
    await save([firingOf(active, 'active', 'old')]);
    await save([firingOf(active, 'active', 'new')]);
    await store.sql(`update alert_firing set created_at = created_at - interval '31 days' where source = 'old'`);
    await store.sql(`update alert set state = 'DONE', ended_at = clock_timestamp() where id in ('${over}', '${young}')`);
    await store.sql(
      `update alert set ended_at = ended_at - interval '31 days', created_at = created_at - interval '31 days' where id = '${over}'`,
    );
    await store.sql(`update alert set created_at = created_at - interval '31 days' where id = '${active}'`);
    expect(await book.removeOld(30 * 86_400_000)).toBe(1);
    const ids = (await store.sql<{ id: string }>('select id from alert')).map(({ id }) => id);
    expect([over, young, active].map((id) => ids.includes(id))).toEqual([false, true, true]);
    expect(await store.sql(`select source from alert_firing where alert_id = '${active}'`)).toEqual([{ source: 'new' }]);
  });
});
