import {
  type InstrumentId,
  type Interval,
  MINUTE_MS,
  parseStreamCursor,
  type WebhookQueue,
  type WebhookRegister,
} from '@candlecast/domain';
import { createWebhookQueue, createWebhookRegister } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { at, BTC, ETH, startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';
import { EVENT_KINDS } from './event-kinds.ts';
import { createWebhookDesk, type WebhookDesk, type WebhookWish } from './webhook-desk.ts';

const OWNER = 'workspace:one';
const PATIENT = { timeoutMs: 15_000 };
let market: TestMarket;
let desk: WebhookDesk;
let register: WebhookRegister;
let queue: WebhookQueue;
let minute = 0;
const receivers: WebhookReceiver[] = [];

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC, ETH);
  register = createWebhookRegister(market.database);
  queue = createWebhookQueue(market.database);
  desk = createWebhookDesk({ register, kinds: EVENT_KINDS, policy: { isLoopbackAllowed: true } });
  await market.startGateway();
});
afterAll(() => market.stop());
afterEach(async () => {
  for (const { id } of await queue.findWebhooks()) await register.remove(id, [OWNER]);
  for (const receiver of receivers.splice(0)) await receiver.stop();
});

async function subscribe(wish: Partial<WebhookWish>): Promise<WebhookReceiver & { readonly webhookId: string }> {
  const receiver = await startWebhookReceiver();
  receivers.push(receiver);
  const { id, secret } = await desk.create(OWNER, { url: receiver.url, events: ['candle.closed'], symbols: [], intervals: [], ...wish });
  receiver.secret = secret;
  return Object.assign(receiver, { webhookId: id });
}

async function close(id: InstrumentId, count: number): Promise<void> {
  await market.close(id, minute, minute + count);
}

async function rowsOf(webhookId: string) {
  return market.database.prisma.webhookDelivery.findMany({ where: { webhookId }, orderBy: { createdAt: 'asc' } });
}

describe('webhooks', () => {
  it('are told of closed candles by symbol and interval, signed, each with an id of its own', async () => {
    const wish = { symbols: [BTC], intervals: ['1m', '5m'] as Interval[] };
    const receiver = await subscribe(wish);
    await close(BTC, 5);
    await close(ETH, 5);
    minute += 5;
    await eventually(() => expect(receiver.received).toHaveLength(6), PATIENT);
    expect(receiver.received.map(({ data }) => `${data.symbol} ${data.interval}`).sort()).toEqual([
      ...Array.from({ length: 5 }, () => `${BTC} 1m`),
      `${BTC} 5m`,
    ]);
    for (const { type, signature, expectedSignature, cursor } of receiver.received) {
      expect({ type, signature }).toEqual({ type: 'candle.closed', signature: expectedSignature });
      expect(parseStreamCursor(cursor ?? '').ok).toBe(true);
    }
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(6);
    const last = receiver.received.find(({ data }) => data.interval === '5m');
    expect(last?.data).toMatchObject({
      candle: { openTime: new Date(at(0)).toISOString(), closeTime: new Date(at(5)).toISOString(), close: '1004.50', isClosed: true },
    });
    await eventually(async () => expect((await rowsOf(receiver.webhookId)).map(({ state }) => state)).toEqual(Array(6).fill('DELIVERED')));
  });

  it('wait for nobody else: neither a target that never answers nor one that is away', async () => {
    const [slow, gone, good] = [
      await subscribe({ symbols: [BTC] }),
      await subscribe({ symbols: [BTC] }),
      await subscribe({ symbols: [BTC] }),
    ];
    slow.answer = null;
    await gone.stop();
    await close(BTC, 40);
    minute += 40;
    await eventually(async () => {
      expect(good.received.length).toBeGreaterThan(40);
      expect(good.received.length).toBe((await rowsOf(good.webhookId)).length);
    }, PATIENT);
    expect(slow.received.length).toBeLessThanOrEqual(8); // four at a time, each given up after 5 s
    expect((await rowsOf(slow.webhookId)).every(({ state }) => state === 'PENDING')).toBe(true);
  });

  it('are tried again after a failure with the same id and body, given up after a day, and sent again when somebody asks', async () => {
    const receiver = await subscribe({ symbols: [BTC], intervals: ['1m'] });
    receiver.answer = 500;
    await close(BTC, 1);
    minute += 1;
    const [first] = await eventually(async () => {
      const rows = await rowsOf(receiver.webhookId);
      expect(rows).toMatchObject([{ state: 'PENDING', attempts: 1, lastStatus: 500, lastError: 'it answered with 500' }]);
      return rows;
    }, PATIENT);
    const waitMs = (first?.nextAttemptAt.getTime() ?? 0) - (first?.lastAttemptAt?.getTime() ?? 0);
    expect(waitMs).toBeGreaterThanOrEqual(3_900);
    expect(waitMs).toBeLessThanOrEqual(6_100);
    const dueNow = `update webhook_delivery set next_attempt_at = clock_timestamp(), expires_at = clock_timestamp()`;
    await market.database.sessions.run({ name: 'test-due', text: dueNow });
    await eventually(async () => expect(await rowsOf(receiver.webhookId)).toMatchObject([{ state: 'DEAD', attempts: 2 }]), PATIENT);
    receiver.answer = 200;
    await desk.redeliver([OWNER], first?.id ?? '');
    await eventually(async () => expect(await rowsOf(receiver.webhookId)).toMatchObject([{ state: 'DELIVERED', attempts: 1 }]), PATIENT);
    expect(new Set(receiver.received.map(({ id, data }) => `${id} ${JSON.stringify(data)}`)).size).toBe(1);
    expect(receiver.received).toHaveLength(3);
  });

  it('are told of gaps, and of nothing that they did not ask for', async () => {
    const receiver = await subscribe({ events: ['gap.recorded'], symbols: [ETH] });
    const range = { from: at(minute), to: at(minute + 2) };
    await market.candles.recordGap(ETH, range, 'CONFIRMED_EMPTY', at(minute + 2));
    await market.candles.recordGap(BTC, range, 'CONFIRMED_EMPTY', at(minute + 2));
    minute += 2;
    await close(ETH, 1);
    minute += 1;
    await eventually(() => expect(receiver.received).toHaveLength(1), PATIENT);
    const [from, to] = [range.from, range.to].map((time) => new Date(time).toISOString());
    expect(receiver.received[0]?.data).toEqual({ symbol: ETH, from, to, reason: 'CONFIRMED_EMPTY' });
  });

  it('are told when a feed changes its state, once for each change', async () => {
    const receiver = await subscribe({ events: ['feed.status'] });
    const publish = (state: 'LIVE' | 'STALE', since: number) =>
      market.channel.publish({ topic: 'feed.status', key: 'SIM', value: { venue: 'SIM', state, since: at(since), detail: null } });
    publish('LIVE', 0);
    await eventually(async () => expect(await queue.findTold('feed.status')).toEqual(new Map([['SIM', 'LIVE']])), PATIENT);
    publish('LIVE', 0);
    publish('STALE', 1);
    await eventually(() => expect(receiver.received).toHaveLength(1), PATIENT);
    expect(receiver.received[0]).toMatchObject({ type: 'feed.status', cursor: null, data: { venue: 'SIM', state: 'STALE', detail: null } });
    expect(receiver.received[0]?.data.since).toBe(new Date(at(0) + MINUTE_MS).toISOString());
  });

  it('hear nothing of what was before them', async () => {
    await close(BTC, 3);
    minute += 3;
    const receiver = await subscribe({ symbols: [BTC], intervals: ['1m'] });
    await close(BTC, 1);
    minute += 1;
    await eventually(() => expect(receiver.received).toHaveLength(1), PATIENT);
    expect(receiver.received[0]?.data).toMatchObject({ candle: { openTime: new Date(at(minute - 1)).toISOString() } });
  });
});
