import { eventually, FakeClock } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from './exchange-sim.ts';
import { parseFault } from './faults.ts';
import { FrameCollector } from './stream/frame-collector.ts';

const NOW = Date.UTC(2026, 10, 20, 12, 34, 50);
let clock: FakeClock;
let sim: ExchangeSim;
let logged: string[];
const clients: FrameCollector[] = [];

beforeEach(async () => {
  clock = new FakeClock(NOW);
  logged = [];
  sim = await startExchangeSim({
    source: { kind: 'simulated', symbols: ['BTCUSDT', 'ETHUSDT'], pairCount: 2 },
    wallClock: clock,
    log: (event) => logged.push(event),
  });
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.terminate();
  await sim.close();
});

async function connect(streams: string): Promise<FrameCollector> {
  const client = await new FrameCollector(`${sim.wsUrl}/stream?streams=${streams}`).opened();
  clients.push(client);
  return client;
}

async function post(fault: object): Promise<unknown> {
  return (await fetch(`${sim.restUrl}/admin/faults`, { method: 'POST', body: JSON.stringify(fault) })).json();
}

const closes = (client: FrameCollector, stream: string) =>
  client
    .all<{ stream: string; data: { E: number; k: { x: boolean; t: number; T: number } } }>()
    .filter((frame) => frame.stream === stream && frame.data.k?.x)
    .map(({ data }) => data);

describe('link faults', () => {
  it.each(['fin', 'rst'] as const)('cut links by %s without a closing frame', async (how) => {
    const [older, newer] = [await connect('btcusdt@trade'), await connect('btcusdt@trade')];
    expect(await post({ kind: 'dropLinks', how, count: 1 })).toEqual({
      fault: { kind: 'dropLinks', how, count: 1 },
      hits: 1,
      isArmed: false,
    });
    await eventually(() => expect(newer.closedWith?.code).toBe(1006));
    expect(older.closedWith).toBeUndefined();
    expect(logged).toContain('fault armed');
  });

  it('keep a link open and dead', async () => {
    const client = await connect('btcusdt@bookTicker');
    await post({ kind: 'halfOpen' });
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    const other = await connect('btcusdt@bookTicker');
    clock.advance(90_000);
    await eventually(() => expect(other.frames.length).toBeGreaterThan(0));
    expect(client.frames).toEqual([]);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('announce a shutdown and close', async () => {
    const client = await connect('btcusdt@trade');
    const raw = await new FrameCollector(`${sim.wsUrl}/ws`).opened();
    clients.push(raw);
    await post({ kind: 'serverShutdown', noticeMs: 50 });
    await eventually(() => expect(client.all()).toEqual([{ stream: '!serverShutdown', data: { e: 'serverShutdown', E: NOW } }]));
    expect(raw.all()).toEqual([{ e: 'serverShutdown', E: NOW }]);
    await eventually(() => expect([client.closedWith?.code, raw.closedWith?.code]).toEqual([1001, 1001]));
  });
});

describe('stream faults', () => {
  it('mute one stream while others flow', async () => {
    const client = await connect('btcusdt@bookTicker/ethusdt@bookTicker');
    await post({ kind: 'muteStream', stream: 'btcusdt@bookTicker', durationMs: 10_000 });
    clock.advance(5_000);
    await eventually(() => expect(client.all()).toMatchObject([{ stream: 'ethusdt@bookTicker' }]));
    clock.advance(6_000);
    await eventually(() => expect(client.frames.some((frame) => frame.includes('btcusdt'))).toBe(true));
  });

  it('send a close late', async () => {
    const client = await connect('btcusdt@kline_1m/ethusdt@kline_1m');
    await post({ kind: 'delayClose', delayMs: 30_000, stream: 'btcusdt@kline_1m', count: 1 });
    clock.advance(11_000);
    await eventually(() => expect(closes(client, 'ethusdt@kline_1m')).toHaveLength(1));
    expect(closes(client, 'btcusdt@kline_1m')).toEqual([]);
    clock.advance(30_000);
    await eventually(() => expect(closes(client, 'btcusdt@kline_1m')).toHaveLength(1));
    expect(closes(client, 'btcusdt@kline_1m')[0]).toMatchObject({ E: NOW + 41_000, k: { t: NOW - 50_000 } });
  });

  it('leave closes out', async () => {
    const client = await connect('btcusdt@kline_1m');
    await post({ kind: 'omitClose', count: 1 });
    clock.advance(11_000);
    await eventually(async () =>
      expect(await (await fetch(`${sim.restUrl}/admin/faults`)).json()).toMatchObject([{ hits: 1, isArmed: false }]),
    );
    clock.advance(60_000);
    await eventually(() => expect(closes(client, 'btcusdt@kline_1m').map(({ k }) => k.t)).toEqual([NOW + 10_000]));
  });
});

describe('REST faults', () => {
  const call = async (path = 'time') => fetch(`${sim.restUrl}/api/v3/${path}`, { signal: AbortSignal.timeout(300) });

  it.each([
    [500, -1000, null],
    [503, -1008, null],
    [429, -1003, '1'],
    [418, -1003, '120'],
    [451, 0, null],
  ] as const)('answer %i for so many calls', async (answer, code, retryAfter) => {
    await post({ kind: 'rest', answer, calls: 2 });
    for (const attempt of [1, 2]) {
      const response = await call();
      expect([attempt, response.status, response.headers.get('retry-after')]).toEqual([attempt, answer, retryAfter]);
      expect(await response.json()).toMatchObject({ code });
    }
    expect((await call()).status).toBe(200);
  });

  it('spoil one path alone', async () => {
    await post({ kind: 'rest', answer: 500, calls: 1, path: 'klines' });
    expect((await call('time')).status).toBe(200);
    expect((await call('klines?symbol=BTCUSDT&interval=1m&limit=1')).status).toBe(500);
  });

  it('leave calls without an answer until they are cleared', async () => {
    sim.inject({ kind: 'rest', answer: 'timeout', calls: 5 });
    await expect(call()).rejects.toThrow('timeout');
    await post({ kind: 'clear' });
    expect((await call()).status).toBe(200);
  });
});

describe('parseFault', () => {
  it.each([
    '',
    '[]x',
    'null',
    '{"kind":"earthquake"}',
    '{"kind":"dropLinks"}',
    '{"kind":"muteStream"}',
    '{"kind":"delayClose","delayMs":-1}',
    '{"kind":"delayClose"}',
    '{"kind":"rest","answer":200}',
    '{"kind":"muteStream","stream":7}',
  ])('refuses %s', async (json) => {
    expect(parseFault(json)).toMatchObject({ ok: false, error: { code: 'fault_invalid' } });
    expect((await fetch(`${sim.restUrl}/admin/faults`, { method: 'POST', body: json })).status).toBe(400);
  });
});
