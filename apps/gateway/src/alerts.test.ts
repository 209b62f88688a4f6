import { type AlertStreamEvent, createClient } from '@candlecast/client';
import { toStreamCursor } from '@candlecast/domain';
import { createKeyStore } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CreatedKey, createKeyDesk, type KeyDesk } from './keys/key-desk.ts';
import { ALERTS, CREATE, DELETE, FIRED, FIRINGS } from './testing/alert-documents.ts';
import { post } from './testing/post.ts';
import { type SseResult, subscribeOverSse } from './testing/sse.ts';
import { at, BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';
import { startWebhookReceiver, type WebhookReceiver } from './testing/webhook-receiver.ts';

const PATIENT = { timeoutMs: 15_000 };

interface Firing {
  readonly id: string;
  readonly alertId: string;
}
interface Page {
  readonly alertFirings: { edges: { node: Firing }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

let market: TestMarket;
let keys: KeyDesk;
let partner: CreatedKey;
let stranger: CreatedKey;
let httpUrl: string;
let receiver: WebhookReceiver;
let minute = 0;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  receiver = await startWebhookReceiver();
  keys = createKeyDesk(createKeyStore(market.database));
  partner = await keys.create({ name: 'partner', scopes: ['NOTIFY'], expiresAt: null });
  stranger = await keys.create({ name: 'stranger', scopes: ['NOTIFY'], expiresAt: null });
  ({ httpUrl } = await market.startGateway());
  await close();
});
afterAll(async () => {
  await receiver.stop();
  await market.stop();
});

async function ask<T>(query: string, variables: Record<string, unknown> = {}, key: CreatedKey | undefined = partner) {
  return post<T>(httpUrl, query, variables, key ? { authorization: `Bearer ${key.key}` } : {});
}

async function create(rule: Record<string, unknown>, key = partner, more: Record<string, unknown> = {}) {
  const { data, errors } = await ask<{ createAlert: { id: string } & Record<string, unknown> }>(
    CREATE,
    { input: { symbol: 'BTCUSDT', rule, ...more } },
    key,
  );
  return { alert: data?.createAlert, error: errors[0] };
}

/** Closes the next minute: each closes a unit above the one before, at 1000.50 first. */
async function close(): Promise<void> {
  await market.close(BTC, minute, minute + 1);
  minute += 1;
}

/** An alert that fires at the next close. */
const next = (more: Record<string, unknown> = {}, key = partner) =>
  create({ priceLevel: { level: `${1_000 + minute}.00`, direction: 'UP' } }, key, more);

async function firingsOf(variables: Record<string, unknown>, key = partner): Promise<Page['alertFirings']> {
  const { data, errors } = await ask<Page>(FIRINGS, variables, key);
  expect(errors).toEqual([]);
  return data.alertFirings;
}

/** Takes events until `count` firings have come. */
async function listen(count: number, after?: string, key = partner): Promise<Record<string, unknown>[]> {
  const stopping = new AbortController();
  const events: Record<string, unknown>[] = [];
  const headers = { authorization: `Bearer ${key.key}` };
  for await (const { data } of subscribeOverSse(httpUrl, FIRED, { after }, stopping.signal, headers)) {
    if (data?.alertFired) events.push(data.alertFired);
    if (events.filter(({ __typename }) => __typename === 'AlertFiringEvent').length >= count) break;
  }
  stopping.abort();
  return events;
}

describe('alerts over GraphQL', () => {
  it('are made, fire, are listed with what fired, and deleted', async () => {
    const { alert, error } = await next({ note: 'look', once: true, cooldownMs: 60_000, expiresAt: new Date(at(10_000)).toISOString() });
    expect(error).toBeUndefined();
    const level = `${1_000 + minute}.00`;
    expect(alert).toMatchObject({
      ...{
        symbol: BTC,
        kind: 'PRICE_LEVEL',
        note: 'look',
        once: true,
        cooldownMs: 60_000,
        state: 'ACTIVE',
        firedCount: 0,
        lastFiredAt: null,
      },
      ...{ expiresAt: new Date(at(10_000)).toISOString(), rule: { __typename: 'PriceLevelRule', level, direction: 'UP', rearm: '0.1' } },
    });
    await close();
    const { node } = await eventually(async () => {
      const { edges } = await firingsOf({ alertId: alert?.id });
      expect(edges).toHaveLength(1);
      return edges[0] as { node: Firing };
    }, PATIENT);
    const value = `${999 + minute}.50`;
    const at1 = new Date(at(minute)).toISOString();
    expect(node).toEqual({
      ...{ id: node.id, alertId: alert?.id, at: at1, crossed: 'UP', value, level },
      reason: `the minute closed at ${value}, above ${level}`,
    });
    const { data } = await ask<{ alerts: unknown[] }>(ALERTS);
    expect(data.alerts).toMatchObject([{ id: alert?.id, state: 'DONE', firedCount: 1, lastFiredAt: at1 }]);
    expect((await ask(DELETE, { id: alert?.id })).data).toEqual({ deleteAlert: { id: alert?.id, symbol: BTC } });
    expect((await ask<{ alerts: unknown[] }>(ALERTS)).data.alerts).toEqual([]);
    expect((await ask(DELETE, { id: alert?.id })).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it.each([
    ['priceMove', { percent: '2.5', windowMinutes: 60 }, { direction: 'EITHER', rearm: '0.1' }],
    ['averageCross', { fast: 9, slow: 21, interval: '15' }, { average: 'EMA', interval: '15m', direction: 'EITHER', rearm: '0' }],
    ['rsiLevel', { level: '70', interval: '1h', direction: 'UP' }, { threshold: '70', period: 14, rearm: '1' }],
    ['forecastFlip', { horizon: '4h' }, { pUp: null, direction: 'EITHER', rearm: '0.01' }],
    ['staleData', {}, { of: '1m', intervals: 3, feed: true }],
  ])('say what %s stands for when it is left out', async (argument, given, filledIn) => {
    const { alert, error } = await create({ [argument]: given });
    expect(error).toBeUndefined();
    const { level: _, ...shown } = { level: '', ...given, ...filledIn };
    const { interval: __, ...plain } = { interval: '', ...shown };
    expect(alert?.rule).toMatchObject({ ...plain, ...('interval' in filledIn ? { interval: filledIn.interval } : {}) });
    await ask(DELETE, { id: alert?.id });
  });

  it('are paged, the newest firing first', async () => {
    const { alert } = await create({ priceMove: { percent: '0.000001', windowMinutes: 1, rearm: '0' } });
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      const one = await next();
      ids.push(one.alert?.id ?? '');
      await close();
      await eventually(async () => expect((await firingsOf({ alertId: one.alert?.id })).edges).toHaveLength(1), PATIENT);
    }
    const first = await firingsOf({ first: 2 });
    const rest = await firingsOf({ first: 2, after: first.pageInfo.endCursor });
    const firedOf = [...first.edges, ...rest.edges].map(({ node }) => node.alertId).filter((id) => id !== alert?.id);
    expect(firedOf).toEqual([...ids].reverse());
    expect((await firingsOf({ last: 1, before: first.pageInfo.endCursor })).edges).toHaveLength(1);
    for (const id of [...ids, alert?.id]) await ask(DELETE, { id });
  });

  it('are nobody else’s business', async () => {
    const { alert } = await next();
    const head = toStreamCursor(await market.log.head());
    const other = await next({}, stranger);
    await close();
    await eventually(async () => expect((await firingsOf({ alertId: alert?.id })).edges).toHaveLength(1), PATIENT);
    await eventually(async () => expect((await firingsOf({ alertId: other.alert?.id }, stranger)).edges).toHaveLength(1), PATIENT);
    expect((await ask<{ alerts: { id: string }[] }>(ALERTS, {}, stranger)).data.alerts.map(({ id }) => id)).toEqual([other.alert?.id]);
    expect((await firingsOf({}, stranger)).edges.map(({ node }) => node.alertId)).toEqual([other.alert?.id]);
    const heard = (await listen(1, head, stranger)).flatMap((event) => (event.firing ? [(event.firing as Firing).alertId] : []));
    expect(heard).toEqual([other.alert?.id]);
    for (const [query, variables] of [
      [DELETE, { id: alert?.id }],
      [FIRINGS, { alertId: alert?.id }],
      [DELETE, { id: 'nonsense' }],
      [FIRINGS, { alertId: "' or 1=1" }],
    ] as const) {
      expect((await ask(query, variables, stranger)).errors[0]?.extensions.code).toBe('NOT_FOUND');
    }
    const input = { symbol: 'BTCUSDT', rule: { staleData: {} } };
    for (const [query, variables] of [
      [ALERTS, {}],
      [FIRINGS, {}],
      [DELETE, { id: alert?.id }],
      [CREATE, { input }],
    ] as const) {
      expect((await post(httpUrl, query, variables)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    const reader = await keys.create({ name: 'reader', scopes: ['READ'], expiresAt: null });
    expect((await ask(ALERTS, {}, reader)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    const refused: SseResult[] = [];
    const headers = { authorization: `Bearer ${reader.key}` };
    for await (const result of subscribeOverSse(httpUrl, FIRED, {}, new AbortController().signal, headers)) refused.push(result);
    expect(refused.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(['FORBIDDEN']);
    for (const [id, key] of [
      [alert?.id, partner],
      [other.alert?.id, stranger],
    ] as const) {
      await ask(DELETE, { id }, key);
    }
  });

  it('stay with a key that is rotated, and tell its webhooks', async () => {
    const old = await keys.create({ name: 'rotating', scopes: ['NOTIFY'], expiresAt: null });
    const before = await next({}, old);
    const hook = `mutation ($url: String!) { createWebhook(input: { url: $url, events: [ALERT_FIRED] }) { secret } }`;
    const made = await ask<{ createWebhook: { secret: string } }>(hook, { url: receiver.url }, old);
    receiver.secret = made.data.createWebhook.secret;
    const renewed = await keys.rotate(old.id);
    const after = await next({ note: 'after' }, renewed);
    const foreign = await next({}, stranger);
    await close();
    await eventually(() => expect(receiver.received).toHaveLength(2), PATIENT);
    const firings = (await firingsOf({}, renewed)).edges.map(({ node }) => node);
    expect(new Set(firings.map(({ alertId }) => alertId))).toEqual(new Set([before.alert?.id, after.alert?.id]));
    expect(new Set(receiver.received.map(({ data }) => data.id))).toEqual(new Set(firings.map(({ id }) => id)));
    for (const { type, data, signature, expectedSignature } of receiver.received) {
      expect({ type, signature }).toEqual({ type: 'alert.fired', signature: expectedSignature });
      expect(data).toMatchObject({ symbol: BTC, kind: 'PRICE_LEVEL', crossed: 'UP', at: new Date(at(minute)).toISOString() });
    }
    expect(receiver.received.map(({ data }) => data.note)).toContain('after');
    await ask(DELETE, { id: foreign.alert?.id }, stranger);
  });
});

describe('the subscription to alerts', () => {
  it('begins with a heartbeat, and goes on after a cursor without hole or repeat', async () => {
    const start = toStreamCursor(await market.log.head());
    const listening = listen(2);
    const ids: (string | undefined)[] = [];
    for (let n = 0; n < 4; n += 1) {
      const { alert } = await next({ note: `number ${n}` });
      ids.push(alert?.id);
      await close();
      await eventually(async () => expect((await firingsOf({ alertId: alert?.id })).edges).toHaveLength(1), PATIENT);
    }
    const live = await listening;
    expect(live[0]).toMatchObject({ __typename: 'StreamHeartbeat', at: expect.any(String), cursor: expect.any(String) });
    const all = (await listen(4, start)).filter(({ __typename }) => __typename === 'AlertFiringEvent');
    expect(all.map(({ note, firing }) => [note, (firing as Firing).alertId])).toEqual(ids.map((id, n) => [`number ${n}`, id]));
    expect(all[0]).toMatchObject({ symbol: BTC, kind: 'PRICE_LEVEL', firing: { crossed: 'UP', level: expect.any(String) } });
    const rest = (await listen(2, `${all[1]?.cursor}`)).filter(({ __typename }) => __typename === 'AlertFiringEvent');
    expect(rest).toEqual(all.slice(2));
    for (const id of ids) await ask(DELETE, { id });
  });

  it('shares nothing between owners over WebSocket, everything between sockets of one, and goes on when one is cut', async () => {
    const sockets: WebSocket[] = [];
    class CuttableSocket extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        sockets.push(this);
      }
    }
    const owners = [partner, partner, await keys.create({ name: 'third', scopes: ['NOTIFY'], expiresAt: null })];
    const stopping = new AbortController();
    const heard = owners.map(({ key }) => {
      const events: AlertStreamEvent[] = [];
      const client = createClient({ url: httpUrl, apiKey: key, webSocketImpl: CuttableSocket });
      const reading = (async () => {
        for await (const event of client.alerts.stream({ signal: stopping.signal })) events.push(event);
        await client.close();
      })();
      return { events, reading };
    });
    const firedFor = (n: number) => heard[n]?.events.flatMap((event) => (event.kind === 'fired' ? [event.note] : []));
    await eventually(() => expect(heard.every(({ events }) => events[0]?.kind === 'heartbeat')).toBe(true), PATIENT);
    const ids: [string | undefined, CreatedKey | undefined][] = [];
    const fire = async (round: number) => {
      for (const [n, key] of [owners[0], owners[2]].entries()) ids.push([(await next({ note: `${round} of ${n}` }, key)).alert?.id, key]);
      await close();
    };
    await fire(1);
    await eventually(() => expect([firedFor(0), firedFor(1), firedFor(2)]).toEqual([['1 of 0'], ['1 of 0'], ['1 of 1']]), PATIENT);
    for (const socket of sockets.slice(1)) socket.terminate();
    await fire(2);
    const both = (n: number) => [`1 of ${n}`, `2 of ${n}`];
    await eventually(() => expect([firedFor(0), firedFor(1), firedFor(2)]).toEqual([both(0), both(0), both(1)]), PATIENT);
    const [fired] = heard[0]?.events.filter(({ kind }) => kind === 'fired') ?? [];
    expect(fired).toMatchObject({ symbol: BTC, alertKind: 'PRICE_LEVEL', crossed: 'UP', alertId: ids[0]?.[0] });
    stopping.abort();
    await Promise.all(heard.map(({ reading }) => reading));
    for (const [id, key] of ids) await ask(DELETE, { id }, key);
  });

  it('refuses a cursor that is none', async () => {
    const refused: SseResult[] = [];
    const headers = { authorization: `Bearer ${partner.key}` };
    for await (const one of subscribeOverSse(httpUrl, FIRED, { after: 'cDEuMQ' }, new AbortController().signal, headers)) refused.push(one);
    expect(refused.map(({ errors }) => errors?.[0]?.extensions.code)).toEqual(['CURSOR_INVALID']);
  });
});
