import { once } from 'node:events';
import { toDecimal } from '@candlecast/domain';
import { createAlertRegister } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../testing/gateway-process.ts';
import { at, BTC, minuteOf, startTestMarket, type TestMarket } from '../testing/test-market.ts';

const EVALUATES = 'this process evaluates alerts';
const MINUTES = 60;
/** The promise is ten seconds; a busy machine is given more. The bound that fails is the minute. */
const PATIENT = { timeoutMs: 60_000 };
let market: TestMarket;
const gateways: GatewayProcess[] = [];

beforeAll(async () => {
  market = await startTestMarket();
  await market.list(BTC);
});
afterAll(async () => {
  for (const gateway of gateways) gateway.process.kill('SIGKILL');
  await market.stop();
});

function start(): GatewayProcess {
  const gateway = startGatewayProcess(market.url, process.env.PATH);
  gateways.push(gateway);
  return gateway;
}

it('fires each crossing once when the gateway that evaluates is killed: another one goes on', async () => {
  const first = start();
  await first.says(EVALUATES);
  const second = start();
  const rule = { level: '1000', direction: 'UP', rearm: '0' };
  const wish = {
    owner: 'workspace:one',
    instrumentId: BTC,
    kind: 'PRICE_LEVEL',
    rule,
    note: null,
    once: false,
    cooldownMs: 0,
    expiresAt: null,
  };
  await createAlertRegister(market.database).create(wish, 1);
  const fired = () => market.database.prisma.alertFiring.findMany({ orderBy: { at: 'asc' } });

  for (let minute = 0; minute < MINUTES; minute += 1) {
    const price = toDecimal(minute % 2 === 0 ? '999.00' : '1001.00');
    const candle = minuteOf(minute, { open: price, high: price, low: price, close: price });
    await market.candles.commitClosed([{ instrumentId: BTC, candles: [candle] }], at(minute + 1));
    if (minute === MINUTES / 3) await eventually(async () => expect((await fired()).length).toBeGreaterThan(0), PATIENT);
    if (minute === MINUTES / 2) {
      first.process.kill('SIGKILL');
      await once(first.process, 'exit');
    }
  }
  await second.says(EVALUATES);
  const expected = Array.from({ length: MINUTES / 2 }, (_, n) => at(2 * n + 2));
  await eventually(async () => expect((await fired()).map((one) => one.at.getTime())).toEqual(expected), PATIENT);
  const logged = await market.log.read({ after: { ...(await market.log.head()), seq: 0 }, limit: 1_000, topics: ['alert.fired'] });
  expect(logged.map(({ payload }) => (payload as { id: string }).id)).toEqual((await fired()).map(({ id }) => id));
}, 150_000);
