import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { FrameCollector } from '../stream/frame-collector.ts';
import { closesOf, NOW, type SimRig, startRig, type WrappedEvent } from '../testing/sim-rig.ts';
import type { FrameHarm } from './fault.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

const PATIENCE = { timeoutMs: 60_000 };
const TOPS = 'btcusdt@bookTicker';
let rig: SimRig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

/** Moves the clock until so many more frames have come. */
async function grow(client: FrameCollector, more: number, stepMs = 1_000): Promise<void> {
  const wanted = client.frames.length + more;
  await eventually(
    () => {
      rig.clock.advance(stepMs);
      expect(client.frames.length).toBeGreaterThanOrEqual(wanted);
    },
    { ...PATIENCE, intervalMs: 60 },
  );
}

const idsOf = (client: FrameCollector) => client.all<{ data: { a: number } }>().map(({ data }) => data.a);

describe('frames', () => {
  it('of one stream are missing while others flow', async () => {
    const client = await rig.connect('btcusdt@bookTicker/ethusdt@bookTicker');
    await rig.post({ kind: 'muteStream', stream: TOPS, durationMs: 10_000 });
    rig.clock.advance(5_000);
    await eventually(() => expect(client.all()).toMatchObject([{ stream: 'ethusdt@bookTicker' }]), PATIENCE);
    rig.clock.advance(6_000);
    await eventually(() => expect(client.frames.some((frame) => frame.includes('btcusdt'))).toBe(true), PATIENCE);
    expect((await rig.faults())[0]).toMatchObject({ hits: 1, isArmed: false });
  });

  it('are missing for a time of the venue, by pattern and symbol', async () => {
    const client = await rig.connect('btcusdt@bookTicker/ethusdt@bookTicker/ethusdt@aggTrade');
    await rig.post({ kind: 'frames', how: 'drop', stream: '*@bookTicker', symbol: 'ETHUSDT', venueDurationMs: 60_000 });
    await grow(client, 10);
    expect(new Set(client.all<WrappedEvent>().map(({ stream }) => stream))).toEqual(new Set(['btcusdt@bookTicker', 'ethusdt@aggTrade']));
  });

  it('of trades come twice, with a chance that the seed decides', async () => {
    const client = await rig.connect('btcusdt@aggTrade');
    await rig.post({ kind: 'frames', how: 'repeat', times: 2, probability: 0.5, seed: 5, count: 12 });
    // Counted when the fault is used up: what comes after that comes once.
    await eventually(async () => {
      await grow(client, 1, 4_000);
      expect(await rig.faults()).toMatchObject([{ hits: 12 }]);
    }, PATIENCE);
    await grow(client, 30, 4_000);
    const ids = idsOf(client);
    expect(ids.length - new Set(ids).size).toBe(2 * 12);
    expect(new Set(ids).size).toBeGreaterThan(12);
  });

  it('come in another order, and all of them come', async () => {
    const client = await rig.connect('btcusdt@aggTrade');
    await rig.post({ kind: 'frames', how: 'reorder', window: 3, count: 20 });
    await grow(client, 40, 4_000);
    const ids = idsOf(client);
    const sorted = ids.toSorted((a, b) => a - b);
    expect(ids).not.toEqual(sorted);
    expect(sorted).toEqual(ids.map((_, index) => (sorted[0] ?? 0) + index));
    for (const [index, id] of ids.entries()) expect(Math.abs(id - (sorted[index] ?? 0))).toBeLessThanOrEqual(6);
    expect(ids.slice(-10)).toEqual(sorted.slice(-10));
  });

  it('come late with their own event time', async () => {
    const client = await rig.connect('btcusdt@aggTrade');
    await rig.post({ kind: 'frames', how: 'delay', delayMs: 30_000, count: 1 });
    await grow(client, 15);
    const ids = idsOf(client);
    const late = ids.indexOf(Math.min(...ids));
    expect(late).toBeGreaterThan(0);
    const times = client.all<{ data: { E: number } }>().map(({ data }) => data.E);
    expect((times[late + 1] ?? sim().now()) - (times[late] ?? 0)).toBeGreaterThan(20_000);
  });

  it('come again when they are old, also instead of new ones', async () => {
    const client = await rig.connect('btcusdt@aggTrade');
    await rig.post({ kind: 'frames', how: 'replay', back: 3, skip: 5, count: 1 });
    await grow(client, 9);
    const [first = 0, ...ids] = idsOf(client);
    expect(ids.map((id) => id - first).slice(0, 7)).toEqual([1, 2, 3, 4, 5, 2, 6]);
    await rig.post({ kind: 'frames', how: 'replay', back: 1, instead: true, count: 40 });
    await grow(client, 3);
    const tail = idsOf(client).slice(-2);
    expect((tail[1] ?? 0) - (tail[0] ?? 0)).toBe(1);
  });

  const sim = () => rig.sim;
  const isAmount = (value: unknown) => typeof value === 'string' && /^\d+\.\d{8}$/.test(value);
  const spoilt: readonly [FrameHarm, string, (frame: string) => void][] = [
    [{ how: 'corruptJson' }, TOPS, (frame) => expect(() => JSON.parse(frame)).toThrow(SyntaxError)],
    [{ how: 'truncate' }, TOPS, (frame) => expect(() => JSON.parse(frame)).toThrow(SyntaxError)],
    [
      { how: 'wrongType' },
      TOPS,
      (frame) => {
        const { data } = JSON.parse(frame) as WrappedEvent;
        const { u, s, ...amounts } = data;
        const good = [typeof u === 'number', typeof s === 'string', ...Object.values(amounts).map(isAmount)];
        expect(good.filter((isGood) => !isGood)).toHaveLength(1);
      },
    ],
    ...(['NaN', 'negative', '1e400'] as const).map((value): [FrameHarm, string, (frame: string) => void] => [
      { how: 'badNumber', value },
      TOPS,
      (frame) => {
        const { u: _, s: __, ...amounts } = (JSON.parse(frame) as WrappedEvent).data;
        const bad = Object.values(amounts).filter((amount) => !isAmount(amount));
        expect(bad).toEqual([value === 'negative' ? expect.stringMatching(/^-\d*[1-9.]/) : value]);
      },
    ]),
    [{ how: 'unknownEvent' }, 'btcusdt@aggTrade', (frame) => expect(JSON.parse(frame).data.e).toBe('aggTradeV9')],
    [{ how: 'unknownEvent' }, TOPS, (frame) => expect(JSON.parse(frame).data.e).toBe('novelty')],
    [
      { how: 'unknownField' },
      'btcusdt@kline_1m',
      (frame) => {
        const { data } = JSON.parse(frame);
        expect([data.zz, data.k.zz]).toEqual([{ novel: [1, '2', null] }, { novel: [1, '2', null] }]);
        expect(data.k.i).toBe('1m');
      },
    ],
    [{ how: 'newEnum' }, 'btcusdt@kline_1m', (frame) => expect(JSON.parse(frame).data.k.i).toBe('7m')],
    [
      { how: 'wrongSymbol', as: 'ETHUSDT' },
      'btcusdt@kline_1m',
      (frame) => {
        const { stream, data } = JSON.parse(frame);
        expect([stream, data.s, data.k.s]).toEqual(['btcusdt@kline_1m', 'ETHUSDT', 'ETHUSDT']);
      },
    ],
    [
      { how: 'oversize' },
      TOPS,
      (frame) => {
        expect(frame.length).toBeGreaterThan(17 * 1_048_576 - 100);
        expect(isAmount(JSON.parse(frame).data.b)).toBe(true);
      },
    ],
    [
      { how: 'shiftTime', byMs: -600_000 },
      'btcusdt@kline_1m',
      (frame) => expect(sim().now() - JSON.parse(frame).data.E).toBeGreaterThan(599_000),
    ],
  ];

  it.each(spoilt)('%o on %s', async (harm, stream, check) => {
    const client = await rig.connect(stream);
    await rig.post({ kind: 'frames', ...harm, count: 1 });
    await grow(client, 2);
    check(client.frames[0] ?? '');
    expect((JSON.parse(client.frames[1] ?? '') as WrappedEvent).stream).toBe(stream);
    expect(await rig.faults()).toMatchObject([{ hits: 1, isArmed: false }]);
    expect(rig.logged).toContain('fault hit');
  });

  it('are no UTF-8', async () => {
    const strict = await rig.connect(TOPS);
    const socket = new WebSocket(`${rig.sim.wsUrl}/stream?streams=${TOPS}`, { skipUTF8Validation: true });
    const frames: Buffer[] = [];
    socket.on('message', (data, isBinary) => {
      expect(isBinary).toBe(false);
      frames.push(data as Buffer);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    await rig.post({ kind: 'frames', how: 'corruptUtf8', count: 1 });
    rig.clock.advance(1_000);
    await eventually(() => expect(frames.length).toBeGreaterThan(0), PATIENCE);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(frames[0])).toThrow(TypeError);
    await eventually(() => expect(strict.closedWith?.code).toBe(1006), PATIENCE);
    socket.terminate();
  });

  it('are spoilt alike for the same seed', async () => {
    const texts: string[] = [];
    for (const _ of [1, 2]) {
      const client = await rig.connect(TOPS);
      await rig.post({ kind: 'frames', how: 'wrongType', seed: 9, count: 1 });
      await grow(client, 1);
      texts.push((client.frames[0] ?? '').replaceAll(/"\d+\.\d+"|\d{3,}/g, '#'));
      client.socket.terminate();
    }
    expect(texts[0]).toBe(texts[1]);
  });
});

describe('closing klines', () => {
  it('come late', async () => {
    const client = await rig.connect('btcusdt@kline_1m/ethusdt@kline_1m');
    await rig.post({ kind: 'delayClose', delayMs: 30_000, stream: 'btcusdt@kline_1m', count: 1 });
    rig.clock.advance(11_000);
    await eventually(() => expect(closesOf(client, 'ethusdt@kline_1m')).toHaveLength(1), PATIENCE);
    expect(closesOf(client, 'btcusdt@kline_1m')).toEqual([]);
    rig.clock.advance(30_000);
    await eventually(() => expect(closesOf(client, 'btcusdt@kline_1m')).toHaveLength(1), PATIENCE);
    const [close] = closesOf(client, 'btcusdt@kline_1m');
    expect(close?.t).toBe(NOW - 50_000);
    expect((close?.E ?? 0) - (close?.T ?? 0)).toBeGreaterThanOrEqual(30_000);
  });

  it('are left out', async () => {
    const client = await rig.connect('btcusdt@kline_1m');
    await rig.post({ kind: 'omitClose', count: 1 });
    rig.clock.advance(11_000);
    await eventually(async () => expect(await rig.faults()).toMatchObject([{ hits: 1, isArmed: false }]), PATIENCE);
    rig.clock.advance(60_000);
    await eventually(() => expect(closesOf(client, 'btcusdt@kline_1m').map(({ t }) => t)).toEqual([NOW + 10_000]), PATIENCE);
  });

  it('alone are struck when a fault asks for them', async () => {
    const client = await rig.connect('btcusdt@kline_1m');
    await rig.post({ kind: 'frames', how: 'repeat', only: 'closing' });
    await eventually(
      () => {
        rig.clock.advance(2_000);
        expect(closesOf(client, 'btcusdt@kline_1m').length).toBeGreaterThanOrEqual(4);
      },
      { ...PATIENCE, intervalMs: 60 },
    );
    const texts = client.frames.filter((frame) => frame.includes('"x":true'));
    expect(new Set(texts).size).toBe(texts.length / 2);
    const running = client.frames.filter((frame) => frame.includes('"x":false'));
    expect(new Set(running).size).toBe(running.length);
  });
});
