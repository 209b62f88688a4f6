import { randomUUID } from 'node:crypto';
import type { LogPosition, NewWebhookDelivery, WebhookQueue, WebhookRegister } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyStore } from './key-store.ts';
import { openTestStore, type TestStore } from './testing/test-store.ts';
import { createWebhookQueue, createWebhookRegister } from './webhook-store.ts';

const LONG_MS = 600_000;
let store: TestStore;
let register: WebhookRegister;
let queue: WebhookQueue;
let head: LogPosition;

beforeAll(async () => {
  store = await openTestStore();
  register = createWebhookRegister(store.db);
  queue = createWebhookQueue(store.db);
  [head] = (await store.sql<LogPosition>('select epoch, seq from event_log_head')) as [LogPosition];
});
afterAll(() => store.close());

async function create(owner: string = randomUUID(), most = 5): Promise<string> {
  const id = await register.create({ owner, url: 'https://a.example', secret: 's', events: ['a'], symbols: [], intervals: [] }, most);
  if (id === undefined) throw new Error('the owner has too many');
  return id;
}

function deliveryTo(webhookId: string, source: string): NewWebhookDelivery {
  return { id: randomUUID(), webhookId, source, event: 'a', body: `{"source":"${source}"}` };
}

async function lease(holder = 'me') {
  const taken = await queue.takeLease(holder, LONG_MS);
  if (!taken) throw new Error('somebody else has the lease');
  return taken;
}

async function plan(deliveries: readonly NewWebhookDelivery[], mostWaiting = 100) {
  return queue.savePlan((await lease()).token, { to: head, deliveries, told: [] }, mostWaiting);
}

async function dueOf(webhookId: string, underWay: readonly string[] = []) {
  return (await queue.findDue(underWay, 3)).filter((due) => due.webhookId === webhookId);
}

describe('the register of webhooks', () => {
  it('lets an owner have so many and no more, also when they come at the same moment', async () => {
    const owner = randomUUID();
    const ids = await Promise.all(
      Array.from({ length: 6 }, () =>
        register.create({ owner, url: 'https://a.example', secret: 's', events: ['a'], symbols: [], intervals: [] }, 3),
      ),
    );
    expect(ids.filter((id) => id !== undefined)).toHaveLength(3);
  });

  it('removes a webhook with its deliveries for its owner alone', async () => {
    const id = await create('owner of one');
    await plan([deliveryTo(id, 'x')]);
    expect(await register.remove(id, ['somebody else'])).toBe(false);
    expect(await register.remove(id, ['somebody else', 'owner of one'])).toBe(true);
    expect(await dueOf(id)).toEqual([]);
    expect(await register.remove(id, ['owner of one'])).toBe(false);
  });

  it('begins a webhook where the log stands', async () => {
    const id = await create();
    expect((await queue.findWebhooks()).find((one) => one.id === id)).toMatchObject({ createdAfter: head, events: ['a'] });
  });
});

describe('the lease', () => {
  it('is one process’s until it runs out or is given back, and then has a new token', async () => {
    const mine = await lease();
    expect(await queue.takeLease('you', LONG_MS)).toBeUndefined();
    expect((await lease()).token).toBe(mine.token);
    await queue.dropLease(mine.token);
    const yours = await queue.takeLease('you', 1);
    expect(yours?.token).toBe(mine.token + 1);
    const again = await eventually(async () => {
      const taken = await queue.takeLease('me', LONG_MS);
      if (!taken) throw new Error('not yet');
      return taken;
    });
    expect(again.token).toBe(mine.token + 2);
  });

  it('refuses the plan of a process that lost it, whole', async () => {
    const id = await create();
    const mine = await lease();
    await queue.dropLease(mine.token);
    const yours = await queue.takeLease('you', LONG_MS);
    const late = { to: { ...head, seq: head.seq + 7 }, deliveries: [deliveryTo(id, 'late')], told: [] };
    await expect(queue.savePlan(mine.token, late, 100)).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await dueOf(id)).toEqual([]);
    await queue.dropLease(yours?.token ?? 0);
    expect((await lease()).position?.seq).not.toBe(head.seq + 7);
  });
});

describe('the queue of deliveries', () => {
  it('takes what tells the same once', async () => {
    const id = await create();
    await plan([deliveryTo(id, 'e.1'), deliveryTo(id, 'e.2')]);
    await plan([deliveryTo(id, 'e.2'), deliveryTo(id, 'e.3')]);
    expect((await dueOf(id)).map(({ body }) => body).sort()).toEqual(['e.1', 'e.2', 'e.3'].map((source) => `{"source":"${source}"}`));
  });

  it('is bounded for each webhook, counts what it drops, and fills up again when there is room', async () => {
    const [full, other] = [await create(), await create()];
    const sources = (from: number) => Array.from({ length: 4 }, (_, n) => deliveryTo(full, `s.${from + n}`));
    expect(await plan([...sources(0), deliveryTo(other, 'o')], 3)).toEqual({ dropped: 1 });
    expect(await plan(sources(4), 3)).toEqual({ dropped: 4 });
    expect(await dueOf(other)).toHaveLength(1);
    const [first] = await dueOf(full);
    await queue.saveAttempt(first?.id ?? '', { status: 200, error: null, retryAfterMs: null });
    expect(await plan(sources(8), 3)).toEqual({ dropped: 3 });
    expect(await store.sql(`select dropped::int from webhook where id = '${full}'`)).toEqual([{ dropped: 8 }]);
  });

  it('gives each webhook its share and leaves out what is under way', async () => {
    const [busy, quiet] = [await create(), await create()];
    await plan([...Array.from({ length: 9 }, (_, n) => deliveryTo(busy, `b.${n}`)), deliveryTo(quiet, 'q')]);
    const due = await dueOf(busy);
    expect(due).toHaveLength(3);
    expect(await dueOf(quiet)).toHaveLength(1);
    const underWay = due.map(({ id }) => id);
    const next = await dueOf(busy, underWay);
    expect(next).toHaveLength(3);
    expect(next.some(({ id }) => underWay.includes(id))).toBe(false);
  });

  it('comes back to what failed, keeps what is given up until it is asked for, and is done with what succeeded', async () => {
    const id = await create('who asks');
    await plan([deliveryTo(id, 'one')]);
    const [first] = await dueOf(id);
    if (!first) throw new Error('nothing is due');
    expect(first).toMatchObject({ attempts: 0, isLast: false, url: 'https://a.example', secret: 's' });
    await queue.saveAttempt(first.id, { status: 503, error: 'it said 503', retryAfterMs: LONG_MS });
    expect(await dueOf(id)).toEqual([]);
    await store.sql(
      `update webhook_delivery set next_attempt_at = clock_timestamp(), expires_at = clock_timestamp() where id = '${first.id}'`,
    );
    expect(await dueOf(id)).toMatchObject([{ id: first.id, attempts: 1, isLast: true }]);
    await queue.saveAttempt(first.id, { status: null, error: 'no answer', retryAfterMs: null });
    expect(await dueOf(id)).toEqual([]);
    expect(await store.sql(`select state, attempts, last_error from webhook_delivery where id = '${first.id}'`)).toEqual([
      { state: 'DEAD', attempts: 2, last_error: 'no answer' },
    ]);
    expect(await register.redeliver(first.id, ['somebody else'])).toBe(false);
    expect(await register.redeliver(first.id, ['who asks'])).toBe(true);
    expect(await dueOf(id)).toMatchObject([{ id: first.id, attempts: 0, isLast: false }]);
    await queue.saveAttempt(first.id, { status: 204, error: null, retryAfterMs: null });
    expect(await dueOf(id)).toEqual([]);
  });

  it('forgets what is over after its time, and nothing that waits', async () => {
    const id = await create();
    await plan([deliveryTo(id, 'done'), deliveryTo(id, 'waits'), deliveryTo(id, 'young')]);
    const rows = await store.sql<{ id: string; source: string }>(`select id, source from webhook_delivery where webhook_id = '${id}'`);
    const idOf = (source: string) => rows.find((row) => row.source === source)?.id ?? '';
    for (const source of ['done', 'young']) await queue.saveAttempt(idOf(source), { status: 200, error: null, retryAfterMs: null });
    await store.sql(
      `update webhook_delivery set created_at = created_at - interval '31 days' where webhook_id = '${id}' and source <> 'young'`,
    );
    expect(await queue.removeOld(30 * 86_400_000)).toBe(1);
    expect(await store.sql(`select source from webhook_delivery where webhook_id = '${id}' order by 1`)).toEqual([
      { source: 'waits' },
      { source: 'young' },
    ]);
  });

  it('is not filled nor sent for a key that was revoked, but for the key that replaced it', async () => {
    const keys = createKeyStore(store.db);
    const made = (n: number) => ({ prefix: `cc_live_${`${n}`.repeat(8)}`, sha256: `${n}`.repeat(64) });
    const old = await keys.create({ ...made(1), name: 'partner', scopes: ['NOTIFY'], expiresAt: null });
    const webhookId = await create(`key:${old}`);
    await plan([deliveryTo(webhookId, 'waits')]);
    const isTold = async () => (await queue.findWebhooks()).some(({ id }) => id === webhookId) && (await dueOf(webhookId)).length === 1;
    expect(await isTold()).toBe(true);
    const next = await keys.rotate(old, made(2), 0);
    expect(await isTold()).toBe(true);
    await keys.revoke(next ?? '');
    expect(await isTold()).toBe(false);
  });

  it('remembers what was told', async () => {
    const { token } = await lease();
    const told = (value: string) => [{ topic: 'feed.status', key: 'SIM', value }];
    await queue.savePlan(token, { to: head, deliveries: [], told: told('LIVE') }, 10);
    await queue.savePlan(token, { to: head, deliveries: [], told: told('STALE') }, 10);
    expect(await queue.findTold('feed.status')).toEqual(new Map([['SIM', 'STALE']]));
  });
});
