import { createKeyStore } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CreatedKey, createKeyDesk, type KeyDesk } from './keys/key-desk.ts';
import { post } from './testing/post.ts';
import { BTC, startTestMarket, type TestMarket } from './testing/test-market.ts';
import { startWebhookReceiver, type WebhookReceiver } from './testing/webhook-receiver.ts';
import { MOST_WEBHOOKS } from './webhooks/webhook-desk.ts';

const CREATE = `mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret webhook { id url events symbols intervals dropped } } }`;
const WEBHOOKS = '{ webhooks { id url events symbols intervals createdAt dropped } }';
const DELIVERIES = `query ($id: ID!, $first: Int, $after: String, $state: WebhookDeliveryState) {
  webhookDeliveries(webhookId: $id, first: $first, after: $after, state: $state) {
    edges { node { id event state body attempts createdAt nextAttemptAt lastAttemptAt lastStatus lastError } } pageInfo { hasNextPage endCursor } } }`;
const DELETE = 'mutation ($id: ID!) { deleteWebhook(id: $id) { id url } }';
const REDELIVER = 'mutation ($id: ID!) { redeliver(deliveryId: $id) { id state attempts } }';
const PATIENT = { timeoutMs: 15_000 };

interface Delivery {
  readonly id: string;
  readonly state: string;
  readonly body: string;
}
interface Deliveries {
  readonly webhookDeliveries: { edges: { node: Delivery }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
}

let market: TestMarket;
let receiver: WebhookReceiver;
let keys: KeyDesk;
let partner: CreatedKey;
let stranger: CreatedKey;
let httpUrl: string;

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  receiver = await startWebhookReceiver();
  keys = createKeyDesk(createKeyStore(market.database));
  partner = await keys.create({ name: 'partner', scopes: ['NOTIFY'], expiresAt: null });
  stranger = await keys.create({ name: 'stranger', scopes: ['NOTIFY'], expiresAt: null });
  ({ httpUrl } = await market.startGateway());
});
afterAll(async () => {
  await receiver.stop();
  await market.stop();
});

async function ask<T>(query: string, variables: Record<string, unknown> = {}, key: CreatedKey | undefined = partner) {
  return post<T>(httpUrl, query, variables, key ? { authorization: `Bearer ${key.key}` } : {});
}

async function create(input: Record<string, unknown>, key = partner) {
  const { data, errors } = await ask<{ createWebhook: { secret: string; webhook: { id: string } } }>(CREATE, { input }, key);
  return { created: data?.createWebhook, error: errors[0] };
}

async function deliveriesOf(id: string, variables = {}, key = partner) {
  const { data, errors } = await ask<Deliveries>(DELIVERIES, { id, ...variables }, key);
  expect(errors).toEqual([]);
  return data.webhookDeliveries;
}

describe('webhooks over GraphQL', () => {
  it('are made with a secret that is shown once, called, listed, sent again and deleted', async () => {
    const input = { url: receiver.url, events: ['CANDLE_CLOSED'], symbols: ['BTCUSDT'], intervals: ['1', '5m'] };
    const { created, error } = await create(input);
    expect(error).toBeUndefined();
    const { secret, webhook } = created ?? { secret: '', webhook: { id: '' } };
    expect(webhook).toMatchObject({ events: ['CANDLE_CLOSED'], symbols: [BTC], intervals: ['1m', '5m'], dropped: '0' });
    receiver.secret = secret;
    const listed = await ask<{ webhooks: unknown[] }>(WEBHOOKS);
    expect(listed.data.webhooks).toMatchObject([{ id: webhook.id, url: receiver.url }]);
    expect(JSON.stringify(listed)).not.toContain(secret);

    await market.close(BTC, 0, 5);
    await eventually(() => expect(receiver.received).toHaveLength(6), PATIENT);
    expect(receiver.received.every(({ signature, expectedSignature }) => signature === expectedSignature)).toBe(true);
    await eventually(async () => expect((await deliveriesOf(webhook.id, { state: 'DELIVERED' })).edges).toHaveLength(6), PATIENT);

    const first = await deliveriesOf(webhook.id, { first: 4 });
    const rest = await deliveriesOf(webhook.id, { first: 4, after: first.pageInfo.endCursor });
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
    const nodes = [...first.edges, ...rest.edges].map(({ node }) => node);
    expect(nodes.map(({ body }) => (JSON.parse(body) as { id: string }).id)).toEqual(nodes.map(({ id }) => id));
    expect(new Set(nodes.map(({ id }) => id))).toEqual(new Set(receiver.received.map(({ id }) => id)));
    expect(nodes[0]).toMatchObject({ event: 'CANDLE_CLOSED', attempts: 1, lastStatus: 204, lastError: null, nextAttemptAt: null });

    const again = await ask(REDELIVER, { id: nodes[0]?.id });
    expect(again.errors).toEqual([]);
    await eventually(() => expect(receiver.received.filter(({ id }) => id === nodes[0]?.id)).toHaveLength(2), PATIENT);

    expect((await ask<{ deleteWebhook: unknown }>(DELETE, { id: webhook.id })).data.deleteWebhook).toEqual({
      id: webhook.id,
      url: receiver.url,
    });
    expect((await ask<{ webhooks: unknown[] }>(WEBHOOKS)).data.webhooks).toEqual([]);
    expect((await ask(DELETE, { id: webhook.id })).errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('are nobody else’s business', async () => {
    const { created } = await create({ url: receiver.url, events: ['GAP_RECORDED'] });
    const id = created?.webhook.id ?? '';
    expect((await ask<{ webhooks: unknown[] }>(WEBHOOKS, {}, stranger)).data.webhooks).toEqual([]);
    for (const [query, variables] of [
      [DELIVERIES, { id }],
      [DELETE, { id }],
      [REDELIVER, { id }],
      [DELETE, { id: 'nonsense' }],
      [DELIVERIES, { id: "' or 1=1" }],
    ] as const) {
      expect((await ask(query, variables, stranger)).errors[0]?.extensions.code).toBe('NOT_FOUND');
    }
    for (const [query, variables] of [
      [WEBHOOKS, {}],
      [DELIVERIES, { id }],
      [DELETE, { id }],
      [REDELIVER, { id }],
      [CREATE, { input: { url: receiver.url, events: ['GAP_RECORDED'] } }],
    ] as const) {
      expect((await post(httpUrl, query, variables)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    const reader = await keys.create({ name: 'reader', scopes: ['READ'], expiresAt: null });
    expect((await ask(WEBHOOKS, {}, reader)).errors[0]?.extensions.code).toBe('FORBIDDEN');
    await ask(DELETE, { id });
  });

  it('stay with a key that is rotated', async () => {
    const { created } = await create({ url: receiver.url, events: ['FEED_STATUS'] });
    const next = await keys.rotate(partner.id);
    const { data } = await ask<{ webhooks: { id: string }[] }>(WEBHOOKS, {}, next);
    expect(data.webhooks).toMatchObject([{ id: created?.webhook.id }]);
    expect((await ask(DELETE, { id: created?.webhook.id }, next)).errors).toEqual([]);
  });

  it.each([
    ['a private address', { url: 'https://10.0.0.1/', events: ['GAP_RECORDED'] }, 'BAD_USER_INPUT', 'not a public address'],
    ['the metadata service', { url: 'http://169.254.169.254/latest', events: ['GAP_RECORDED'] }, 'BAD_USER_INPUT', 'not a public address'],
    ['no URL', { url: 'here', events: ['GAP_RECORDED'] }, 'BAD_USER_INPUT', 'is not a URL'],
    ['no event', { url: 'https://partner.example', events: [] }, 'BAD_USER_INPUT', 'events is empty'],
    ['an unknown pair', { url: 'https://partner.example', events: ['GAP_RECORDED'], symbols: ['NOPE'] }, 'SYMBOL_NOT_FOUND', 'NOPE'],
  ])('are refused for %s', async (_, input, code, message) => {
    const { error } = await create(input, stranger);
    expect(error?.extensions.code).toBe(code);
    expect(error?.message).toContain(message);
  });

  it(`are at most ${MOST_WEBHOOKS} an owner`, async () => {
    for (let n = 0; n < MOST_WEBHOOKS; n += 1) {
      expect((await create({ url: `https://partner.example/${n}`, events: ['GAP_RECORDED'] }, stranger)).error).toBeUndefined();
    }
    const { error } = await create({ url: 'https://partner.example/', events: ['GAP_RECORDED'] }, stranger);
    expect(error?.extensions.code).toBe('QUOTA_EXCEEDED');
  });
});
