import { once } from 'node:events';
import { createWebhookQueue, createWebhookRegister } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../testing/gateway-process.ts';
import { BTC, startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';
import { EVENT_KINDS } from './event-kinds.ts';
import { createWebhookDesk } from './webhook-desk.ts';

const DELIVERS = 'this process delivers webhooks';
const MINUTES = 60;
/** The promise is ten seconds; a busy machine is given more. The bound that fails is the minute. */
const PATIENT = { timeoutMs: 60_000 };
let market: TestMarket;
let receiver: WebhookReceiver;
const gateways: GatewayProcess[] = [];

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  for (const gateway of gateways) gateway.process.kill('SIGKILL');
  await receiver.stop();
  await market.stop();
});

function start(): GatewayProcess {
  const gateway = startGatewayProcess(market.url, process.env.PATH);
  gateways.push(gateway);
  return gateway;
}

it('loses nothing when the gateway that delivers is killed: another one goes on', async () => {
  const desk = createWebhookDesk({
    register: createWebhookRegister(market.database),
    kinds: EVENT_KINDS,
    policy: { isLoopbackAllowed: true },
  });
  const first = start();
  await first.says(DELIVERS);
  const second = start();
  const wish = { url: receiver.url, events: ['candle.closed'], symbols: [BTC], intervals: ['1m'] as const };
  receiver.secret = (await desk.create('workspace:one', wish)).secret;

  for (let minute = 0; minute < MINUTES; minute += 1) {
    await market.close(BTC, minute, minute + 1);
    if (minute === MINUTES / 3) {
      await eventually(() => expect(receiver.received.length).toBeGreaterThan(0), PATIENT);
      receiver.answer = null; // so that deliveries are under way
    }
    if (minute === MINUTES / 2) {
      first.process.kill('SIGKILL');
      await once(first.process, 'exit');
      receiver.answer = 204;
    }
  }
  await second.says(DELIVERS);
  const timesOf = () => new Set(receiver.received.map(({ data }) => (data.candle as { openTime: string }).openTime));
  await eventually(() => expect(timesOf().size).toBe(MINUTES), PATIENT);
  // What was sent twice has the same id: the partner tells by it.
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(MINUTES);
  expect(receiver.received.every(({ signature, expectedSignature }) => signature === expectedSignature)).toBe(true);
  const queue = createWebhookQueue(market.database);
  await eventually(async () => expect(await queue.findDue([], 100)).toEqual([]), PATIENT);
}, 150_000);
