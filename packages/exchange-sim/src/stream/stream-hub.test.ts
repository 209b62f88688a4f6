import { eventually, FakeClock } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';
import { FrameCollector } from './frame-collector.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 34, 30);
let clock: FakeClock;
let sim: ExchangeSim;
const clients: FrameCollector[] = [];

beforeEach(async () => {
  clock = new FakeClock(NOW);
  sim = await startExchangeSim({
    source: { kind: 'simulated', symbols: ['BTCUSDT', 'ETHUSDT'], pairCount: 2 },
    wallClock: clock,
    limits: { maxBufferedBytes: 200_000, connectionsPer5Min: 6 },
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await sim.close();
});

function connect(path: string, options?: { autoPong?: boolean }): Promise<FrameCollector> {
  const client = new FrameCollector(sim.wsUrl + path, options);
  clients.push(client);
  return client.opened();
}

describe('links', () => {
  it('wrap events when combined and send them bare otherwise', async () => {
    const combined = await connect('/stream?streams=btcusdt@bookTicker/ethusdt@bookTicker');
    const raw = await connect('/ws/btcusdt@bookTicker');
    clock.advance(1_000);
    await eventually(() => {
      expect(combined.all<{ stream: string; data: { s: string } }>().map(({ stream, data }) => [stream, data.s])).toEqual([
        ['btcusdt@bookTicker', 'BTCUSDT'],
        ['ethusdt@bookTicker', 'ETHUSDT'],
      ]);
      expect(raw.all()).toMatchObject([{ s: 'BTCUSDT', b: expect.stringMatching(/^\d+\.\d{8}$/) }]);
    });
  });

  it('subscribe, list, unsubscribe and switch the wrapping while open', async () => {
    const client = await connect('/ws');
    client.send({ method: 'SUBSCRIBE', params: ['btcusdt@bookTicker', 'nopeusdt@trade'], id: 1 });
    await eventually(() => expect(client.frames).toEqual(['{"result":null,"id":1}']));
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
    client.send({ method: 'SET_PROPERTY', params: ['combined', true], id: 3 });
    await eventually(() =>
      expect(client.frames.slice(1)).toEqual(['{"result":["btcusdt@bookTicker","nopeusdt@trade"],"id":2}', '{"result":null,"id":3}']),
    );
    clock.advance(2_000);
    await eventually(() => expect(client.all().at(-1)).toMatchObject({ stream: 'btcusdt@bookTicker' }));
    client.send({ method: 'UNSUBSCRIBE', params: ['btcusdt@bookTicker'], id: 4 });
    await eventually(() => expect(client.frames.at(-1)).toBe('{"result":null,"id":4}'));
    const count = client.frames.length;
    clock.advance(2_000);
    client.send({ method: 'GET_PROPERTY', params: ['combined'], id: 5 });
    await eventually(() => expect(client.frames.slice(count)).toEqual(['{"result":true,"id":5}']));
  });

  it('write microseconds when asked to', async () => {
    const client = await connect('/stream?streams=btcusdt@kline_1m&timeUnit=MICROSECOND');
    clock.advance(4_000);
    await eventually(() =>
      expect(client.all()).toMatchObject([
        { data: { E: (NOW + 4_000) * 1_000, k: { t: (NOW - 30_000) * 1_000, T: (NOW + 30_000) * 1_000 - 1 } } },
      ]),
    );
  });

  it.each([
    ['/stream?streams=nonsense', 400],
    ['/stream?timeUnit=HOUR', 400],
    ['/ws/%E0%A4%A', 400],
    ['/elsewhere', 404],
    [`/stream?streams=${'x'.repeat(8_200)}@trade`, 414],
    [`/stream?streams=${Array.from({ length: 1_025 }, (_, index) => `${index}@a`).join('/')}`, 400],
  ])('are refused for %s', async (path, status) => {
    await expect(connect(path)).rejects.toThrow(`${status}`);
  });

  it('are refused beyond the limit of attempts', async () => {
    for (let attempt = 0; attempt < 6; attempt++) await connect('/ws');
    await expect(connect('/ws')).rejects.toThrow('429');
    clock.advance(300_000);
    await connect('/ws');
  });
});

describe('limits', () => {
  it('close a link at the sixth message in a second', async () => {
    const client = await connect('/ws');
    for (let id = 1; id <= 5; id++) client.send({ method: 'LIST_SUBSCRIPTIONS', id });
    await eventually(() => expect(client.frames).toHaveLength(5));
    clock.advance(1_000);
    for (let id = 1; id <= 4; id++) client.send({ method: 'LIST_SUBSCRIPTIONS', id });
    client.socket.ping();
    await eventually(() => expect(client.frames).toHaveLength(9));
    expect(client.closedWith).toBeUndefined();
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 10 });
    await eventually(() => expect(client.closedWith).toEqual({ code: 1008, reason: 'Too many requests' }));
  });

  it('ping every 20 s and cut a link that does not answer for 60 s', async () => {
    const answering = await connect('/ws');
    const mute = await connect('/ws', { autoPong: false });
    for (let pings = 1; pings <= 4; pings++) {
      clock.advance(20_000);
      await eventually(() => expect([answering.pings, mute.pings]).toEqual([pings, pings]));
      mute.socket.pong('unsolicited');
    }
    clock.advance(1);
    await eventually(() => expect(mute.closedWith?.code).toBe(1006));
    clock.advance(20_000);
    await eventually(() => expect(answering.pings).toBe(5));
    expect(answering.closedWith).toBeUndefined();
  });

  it('end a link after 24 hours', async () => {
    const client = await connect('/ws');
    clock.advance(86_399_999);
    await eventually(() => expect(client.pings).toBe(1));
    expect(client.closedWith).toBeUndefined();
    clock.advance(1);
    await eventually(() => expect(client.closedWith?.code).toBe(1001));
  });

  it('cut a reader that is too far behind', async () => {
    const slow = await connect('/stream?streams=btcusdt@depth20@100ms/btcusdt@depth@100ms/ethusdt@depth@100ms');
    slow.socket.pause();
    await eventually(
      () => {
        clock.advance(1_000);
        // An open link would still be counted.
        return expect(fetchCounts()).resolves.toMatchObject({ links: 0 });
      },
      { timeoutMs: 20_000, intervalMs: 60 },
    );
  });
});

async function fetchCounts(): Promise<unknown> {
  return (await fetch(`${sim.restUrl}/admin/status`)).json();
}
