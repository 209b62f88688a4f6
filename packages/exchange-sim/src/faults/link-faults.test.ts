import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { FrameCollector } from '../stream/frame-collector.ts';
import { NOW, type SimRig, startRig } from '../testing/sim-rig.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

const PATIENCE = { timeoutMs: 60_000 };
let rig: SimRig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

describe('open links', () => {
  it.each(['fin', 'rst', 'midFrame', 'midFrameRst'] as const)('are cut by %s without a closing frame', async (how) => {
    const [older, newer] = [await rig.connect('btcusdt@trade'), await rig.connect('btcusdt@trade')];
    expect(await rig.post({ kind: 'dropLinks', how, count: 1 })).toEqual({
      id: 1,
      fault: { kind: 'dropLinks', how, count: 1 },
      hits: 1,
      isArmed: false,
    });
    await eventually(() => expect(newer.closedWith?.code).toBe(1006), PATIENCE);
    expect(newer.frames).toEqual([]);
    expect(older.closedWith).toBeUndefined();
    expect(rig.logged).toContain('fault armed');
  });

  it('are left with part of a frame when they are cut in its middle', async () => {
    const client = await rig.connect('btcusdt@trade');
    const bytes: Buffer[] = [];
    // The raw socket under the client.
    const socket = (client.socket as unknown as { _socket: NodeJS.EventEmitter })._socket;
    socket.prependListener('data', (data: Buffer) => bytes.push(data));
    await rig.post({ kind: 'dropLinks', how: 'midFrame' });
    await eventually(() => expect(client.closedWith).toBeDefined(), PATIENCE);
    const written = Buffer.concat(bytes);
    expect(written.subarray(0, 4)).toEqual(Buffer.from([0x81, 126, 0x01, 0xf4]));
    expect(written.length).toBeLessThan(500);
    expect(written.toString('utf8', 4)).toMatch(/^\{"stream"/);
  });

  it('are closed without a reason', async () => {
    const client = await rig.connect('btcusdt@trade');
    await rig.post({ kind: 'dropLinks', how: 'noReason' });
    await eventually(() => expect(client.closedWith).toEqual({ code: 1005, reason: '' }), PATIENCE);
  });

  it('are chosen by stream, by age, or by seed', async () => {
    const clients: FrameCollector[] = [];
    for (const streams of ['btcusdt@trade', 'ethusdt@trade', 'btcusdt@kline_1m/ethusdt@kline_1m', 'btcusdt@trade'])
      clients.push(await rig.connect(streams));
    expect((await rig.post({ kind: 'dropLinks', how: 'fin', stream: 'eth*@kline_*' })).hits).toBe(1);
    await eventually(() => expect(clients[2]?.closedWith).toBeDefined(), PATIENCE);
    expect((await rig.post({ kind: 'dropLinks', how: 'fin', choose: 'oldest', count: 1 })).hits).toBe(1);
    await eventually(() => expect(clients[0]?.closedWith).toBeDefined(), PATIENCE);
    expect((await rig.post({ kind: 'dropLinks', how: 'fin', choose: 'random', seed: 3, count: 1 })).hits).toBe(1);
    await eventually(() => expect([1, 3].filter((index) => clients[index]?.closedWith)).toHaveLength(1), PATIENCE);
  });

  it('stay open and dead', async () => {
    const client = await rig.connect('btcusdt@bookTicker');
    await rig.post({ kind: 'halfOpen' });
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    const other = await rig.connect('btcusdt@bookTicker');
    rig.clock.advance(90_000);
    await eventually(() => expect(other.frames.length).toBeGreaterThan(0), PATIENCE);
    rig.clock.advance(86_400_000);
    await eventually(() => expect(other.closedWith).toBeDefined(), PATIENCE);
    expect(client.frames).toEqual([]);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
  });

  it('acknowledge and send no data', async () => {
    const client = await rig.connect('btcusdt@bookTicker');
    expect((await rig.post({ kind: 'muteLinks' })).hits).toBe(1);
    client.send({ method: 'SUBSCRIBE', params: ['ethusdt@bookTicker'], id: 1 });
    const other = await rig.connect('btcusdt@bookTicker/ethusdt@bookTicker');
    rig.clock.advance(30_000);
    await eventually(() => expect(other.frames.length).toBeGreaterThan(1), PATIENCE);
    await eventually(() => expect(client.pings).toBeGreaterThan(0), PATIENCE);
    expect(client.all()).toEqual([{ result: null, id: 1 }]);
  });

  it('are flooded with PINGs whose PONGs do not count', async () => {
    const client = await rig.connect('btcusdt@bookTicker');
    await rig.post({ kind: 'pingFlood', pings: 60 });
    await eventually(() => expect(client.pings).toBe(60), PATIENCE);
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    await eventually(() => expect(client.all()).toContainEqual({ result: ['btcusdt@bookTicker'], id: 1 }), PATIENCE);
  });

  it('all end at once as after 24 hours', async () => {
    const clients = [await rig.connect('btcusdt@trade'), await rig.connect('', '/ws')];
    expect((await rig.post({ kind: 'expireLinks' })).hits).toBe(2);
    await eventually(() => expect(clients.map((client) => client.closedWith?.code)).toEqual([1001, 1001]), PATIENCE);
  });

  it('are told of a shutdown and closed', async () => {
    const [client, raw] = [await rig.connect('btcusdt@trade'), await rig.connect('', '/ws')];
    await rig.post({ kind: 'serverShutdown', noticeMs: 50 });
    await eventually(() => expect(client.all()).toEqual([{ stream: '!serverShutdown', data: { e: 'serverShutdown', E: NOW } }]), PATIENCE);
    expect(raw.all()).toEqual([{ e: 'serverShutdown', E: NOW }]);
    await eventually(() => expect([client.closedWith?.code, raw.closedWith?.code]).toEqual([1001, 1001]), PATIENCE);
  });

  it('are told of a shutdown long before by the venue’s clock', async () => {
    const client = await rig.connect('', '/ws');
    await rig.post({ kind: 'serverShutdown', venueNoticeMs: 600_000 });
    rig.clock.advance(599_000);
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    await eventually(() => expect(client.frames).toHaveLength(2), PATIENCE);
    expect(client.closedWith).toBeUndefined();
    rig.clock.advance(1_000);
    await eventually(() => expect(client.closedWith?.code).toBe(1001), PATIENCE);
  });
});

describe('new links', () => {
  it('are cut some time after they were opened', async () => {
    await rig.post({ kind: 'cutNewLinks', afterMs: 20, how: 'rst', count: 1 });
    const [cut, kept] = [await rig.connect('btcusdt@trade'), await rig.connect('btcusdt@trade')];
    await eventually(() => expect(cut.closedWith?.code).toBe(1006), PATIENCE);
    expect(kept.closedWith).toBeUndefined();
    expect(await rig.faults()).toMatchObject([{ hits: 1, isArmed: false }]);
  });

  it.each([
    [503, '503'],
    [429, '429'],
    ['reset', 'hang up|ECONNRESET'],
  ])('are refused by %s', async (answer, message) => {
    await rig.post({ kind: 'refuseLinks', answer, count: 2 });
    for (const _ of [1, 2]) await expect(rig.connect('btcusdt@trade')).rejects.toThrow(new RegExp(message));
    await rig.connect('btcusdt@trade');
    expect(await rig.faults()).toMatchObject([{ hits: 2 }]);
  });

  it('find nobody listening for a while', async () => {
    const open = await rig.connect('btcusdt@bookTicker');
    expect((await rig.post({ kind: 'refuseConnections', durationMs: 400 })).hits).toBe(1);
    await expect(rig.connect('btcusdt@trade')).rejects.toThrow('ECONNREFUSED');
    rig.clock.advance(2_000);
    await eventually(() => expect(open.frames.length).toBeGreaterThan(0), PATIENCE);
    await eventually(() => rig.connect('btcusdt@trade'), PATIENCE);
    expect((await rig.call()).status).toBe(200);
    expect(rig.logged).toContain('connections are taken again');
  });
});

describe('control messages', () => {
  it('with many names are lost', async () => {
    const client = await rig.connect('', '/ws');
    await rig.post({ kind: 'ignoreControl', moreThan: 2 });
    client.send({ method: 'SUBSCRIBE', params: ['a@trade', 'b@trade', 'c@trade'], id: 1 });
    client.send({ method: 'SUBSCRIBE', params: ['a@trade', 'b@trade'], id: 2 });
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 3 });
    await eventually(
      () =>
        expect(client.all()).toEqual([
          { result: null, id: 2 },
          { result: ['a@trade', 'b@trade'], id: 3 },
        ]),
      PATIENCE,
    );
    expect(await rig.faults()).toMatchObject([{ hits: 1 }]);
  });
});
