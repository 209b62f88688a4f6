import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createWebhookQueue, createWebhookRegister } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BTC, startTestMarket, type TestMarket } from '../testing/test-market.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../testing/webhook-receiver.ts';
import { EVENT_KINDS } from './event-kinds.ts';
import { createWebhookDesk } from './webhook-desk.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const MINUTES = 60;
/** The promise is ten seconds; a busy machine is given more. The bound that fails is the minute. */
const PATIENT = { timeoutMs: 60_000 };
let market: TestMarket;
let receiver: WebhookReceiver;
const gateways: ChildProcess[] = [];

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
  receiver = await startWebhookReceiver();
});
afterAll(async () => {
  for (const gateway of gateways) gateway.kill('SIGKILL');
  await receiver.stop();
  await market.stop();
});

/** A gateway as a process of its own; resolves when it says that it delivers. */
function startGatewayProcess(): { readonly process: ChildProcess; readonly delivers: Promise<void> } {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: market.url,
      CANDLECAST_GATEWAY_PORT: '0',
      CANDLECAST_WEBHOOK_LOOPBACK: 'true',
      CANDLECAST_LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  gateways.push(child);
  let said = '';
  const delivers = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('this process delivers webhooks')) resolve();
    });
    child.once('exit', () => reject(new Error(`the gateway has ended: ${said.slice(-2_000)}`)));
  });
  delivers.catch(() => undefined); // one that is killed before it delivers is no failure
  return { process: child, delivers };
}

it('loses nothing when the gateway that delivers is killed: another one goes on', async () => {
  const desk = createWebhookDesk({
    register: createWebhookRegister(market.database),
    kinds: EVENT_KINDS,
    policy: { isLoopbackAllowed: true },
  });
  const first = startGatewayProcess();
  await first.delivers;
  const second = startGatewayProcess();
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
  await second.delivers;
  const timesOf = () => new Set(receiver.received.map(({ data }) => (data.candle as { openTime: string }).openTime));
  await eventually(() => expect(timesOf().size).toBe(MINUTES), PATIENT);
  // What was sent twice has the same id: the partner tells by it.
  expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(MINUTES);
  expect(receiver.received.every(({ signature, expectedSignature }) => signature === expectedSignature)).toBe(true);
  const queue = createWebhookQueue(market.database);
  await eventually(async () => expect(await queue.findDue([], 100)).toEqual([]), PATIENT);
}, 150_000);
