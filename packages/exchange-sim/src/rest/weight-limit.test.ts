import { FakeClock } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';

const MINUTE_START = Date.UTC(2026, 10, 20, 12, 34);
const clock = new FakeClock(MINUTE_START + 15_000);
let sim: ExchangeSim | undefined;
afterEach(async () => {
  await sim?.close();
  clock.set(MINUTE_START + 15_000);
});

async function start(): Promise<(path: string) => Promise<Response>> {
  sim = await startExchangeSim({
    source: { kind: 'simulated', symbols: ['BTCUSDT'], pairCount: 1 },
    wallClock: clock,
    speed: 60,
    limits: { weightPerMinute: 50 },
  });
  const { restUrl } = sim;
  return (path) => fetch(`${restUrl}/api/v3/${path}`);
}

describe('request weight', () => {
  it.each([
    ['ping', '1'],
    ['exchangeInfo', '20'],
    ['klines?symbol=BTCUSDT&interval=1m&limit=1', '2'],
    ['aggTrades?symbol=BTCUSDT&limit=1', '4'],
    ['trades?symbol=BTCUSDT&limit=1', '25'],
    ['depth?symbol=BTCUSDT', '5'],
    ['depth?symbol=BTCUSDT&limit=500', '25'],
    ['depth?symbol=BTCUSDT&limit=1000', '50'],
    ['ticker/24hr?symbol=BTCUSDT', '2'],
    ['ticker/price', '4'],
    ['ticker/price?symbol=BTCUSDT', '2'],
  ])('counts %s as %s', async (path, weight) => {
    const fetchPath = await start();
    const response = await fetchPath(path);
    expect([response.status, response.headers.get('x-mbx-used-weight-1m')]).toEqual([200, weight]);
  });

  it('refuses what is over the limit until the minute of this machine is over', async () => {
    const fetchPath = await start();
    await fetchPath('depth?symbol=BTCUSDT&limit=1000');
    const refused = await fetchPath('ping');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '45']);
    expect(await refused.json()).toEqual({
      code: -1003,
      msg: 'Too much request weight used; current limit is 50 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.',
    });
    clock.advance(45_000);
    const response = await fetchPath('ping');
    expect([response.status, response.headers.get('x-mbx-used-weight-1m')]).toEqual([200, '1']);
  });

  it('bans an address that goes on, longer each time', async () => {
    const fetchPath = await start();
    const provoke = async () => {
      await fetchPath('depth?symbol=BTCUSDT&limit=1000');
      for (let refusals = 0; refusals < 20; refusals++) expect((await fetchPath('ping')).status).toBe(429);
      return fetchPath('ping');
    };
    const banned = await provoke();
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '120']);
    expect(await banned.text()).toContain(`IP banned until ${clock.now() + 120_000}.`);
    clock.advance(119_999);
    expect((await fetchPath('ping')).status).toBe(418);
    clock.advance(1);
    expect((await fetchPath('ping')).status).toBe(200);
    clock.advance(60_000);
    expect((await provoke()).headers.get('retry-after')).toBe('480');
  });
});
