import type { EpochMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closesOf, NOW, type SimRig, startRig } from '../testing/sim-rig.ts';
import type { FrameCollector } from './frame-collector.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

const PATIENCE = { timeoutMs: 60_000, intervalMs: 60 };
let rig: SimRig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

type Event = Record<string, string | number>;
const eventsOf = (client: FrameCollector, stream: string) =>
  client
    .all<{ stream: string; data: Event }>()
    .filter((frame) => frame.stream === stream)
    .map(({ data }) => data);

async function play(client: FrameCollector, frames: number): Promise<void> {
  await eventually(() => {
    rig.clock.advance(1_000);
    expect(client.frames.length).toBeGreaterThanOrEqual(frames);
  }, PATIENCE);
}

describe('ticker streams', () => {
  it('have the documented fields and the values of REST', async () => {
    const streams = ['ticker', 'ticker_1h', 'ticker_4h', 'ticker_1d', 'avgPrice', 'miniTicker'];
    const client = await rig.connect(streams.map((kind) => `btcusdt@${kind}`).join('/'));
    rig.clock.advance(8_000);
    await eventually(() => expect(client.frames.length).toBe(streams.length), PATIENCE);
    const [ticker] = eventsOf(client, 'btcusdt@ticker');
    expect(Object.keys(ticker ?? {}).join(' ')).toBe('e E s p P w x c Q b B a A o h l v q O C F L n');
    const rest = (await (await rig.call('ticker/24hr?symbol=BTCUSDT')).json()) as Event;
    expect(ticker).toMatchObject({
      e: '24hrTicker',
      E: NOW + 8_000,
      p: rest.priceChange,
      P: rest.priceChangePercent,
      w: rest.weightedAvgPrice,
      x: rest.prevClosePrice,
      c: rest.lastPrice,
      Q: rest.lastQty,
      b: rest.bidPrice,
      A: rest.askQty,
      o: rest.openPrice,
      h: rest.highPrice,
      l: rest.lowPrice,
      v: rest.volume,
      q: rest.quoteVolume,
      O: rest.openTime,
      C: rest.closeTime,
      F: rest.firstId,
      L: rest.lastId,
      n: rest.count,
    });
    const [hour] = eventsOf(client, 'btcusdt@ticker_1h');
    expect(Object.keys(hour ?? {}).join(' ')).toBe('e E s p P o h l c w v q O C F L n');
    const window = (await (await rig.call('ticker?symbol=BTCUSDT&windowSize=1h')).json()) as Event;
    expect(hour).toMatchObject({ e: '1hTicker', o: window.openPrice, v: window.volume, n: window.count, O: window.openTime });
    expect(eventsOf(client, 'btcusdt@ticker_4h')[0]?.e).toBe('4hTicker');
    const average = (await (await rig.call('avgPrice?symbol=BTCUSDT')).json()) as Event;
    expect(eventsOf(client, 'btcusdt@avgPrice')).toEqual([
      { e: 'avgPrice', E: NOW + 8_000, s: 'BTCUSDT', i: '5m', w: average.price, T: average.closeTime },
    ]);
    expect(eventsOf(client, 'btcusdt@miniTicker')[0]).toMatchObject({
      c: rest.lastPrice,
      o: rest.openPrice,
      v: rest.volume,
      q: rest.quoteVolume,
    });
  });

  it('of all pairs hold those that have traded', async () => {
    const client = await rig.connect('!miniTicker@arr/!ticker_1h@arr/!ticker@arr');
    await play(client, 20);
    const arrays = client.all<{ stream: string; data: Event[] }>();
    expect(new Set(arrays.map(({ stream }) => stream))).toEqual(new Set(['!miniTicker@arr', '!ticker_1h@arr']));
    const minis = arrays.filter(({ stream }) => stream === '!miniTicker@arr').map(({ data }) => data);
    expect(minis[0]?.map(({ s }) => s)).toEqual(['BTCUSDT', 'ETHUSDT']);
    expect(minis.some((events) => events.length === 1)).toBe(true);
    expect(minis.flat().every(({ e }) => e === '24hrMiniTicker')).toBe(true);
    expect(arrays.find(({ stream }) => stream === '!ticker_1h@arr')?.data[0]?.e).toBe('1hTicker');
  });
});

describe('kline streams', () => {
  it('of one second close every second with the values of REST', async () => {
    const client = await rig.connect('btcusdt@kline_1s');
    await play(client, 30);
    const closes = closesOf(client, 'btcusdt@kline_1s');
    expect(closes.length).toBe(client.frames.length);
    expect(closes.map(({ t }) => t)).toEqual(closes.map((_, second) => (closes[0]?.t ?? 0) + second * 1_000));
    const response = await rig.call(`klines?symbol=BTCUSDT&interval=1s&startTime=${closes[0]?.t}&limit=${closes.length}`);
    const rows = (await response.json()) as (string | number)[][];
    expect(closes.map(({ t, v, n }) => [t, v, n])).toEqual(rows.map((row) => [row[0], row[5], row[8]]));
    expect(closes.some(({ n }) => n === 0) && closes.some(({ n }) => n > 0)).toBe(true);
  });

  it('of a day can begin at midnight elsewhere', async () => {
    const client = await rig.connect('btcusdt@kline_1d@+08:00');
    await play(client, 1);
    expect(client.all()).toMatchObject([{ stream: 'btcusdt@kline_1d@+08:00', data: { k: { t: Date.UTC(2026, 10, 19, 16), i: '1d' } } }]);
  });
});

describe('the book', () => {
  it('is followed from a snapshot before, inside and after what was buffered, by the documented steps', async () => {
    const client = await rig.connect('btcusdt@depth@100ms');
    await play(client, 10);
    const changes = () => eventsOf(client, 'btcusdt@depth@100ms') as unknown as { U: number; u: number }[];
    const snapshot = async (byMs: number) => {
      await rig.post({ kind: 'rest', answer: 'bookShift', byMs });
      return ((await (await rig.call('depth?symbol=BTCUSDT&limit=5000')).json()) as { lastUpdateId: number }).lastUpdateId;
    };
    const buffered = changes();
    const [first, last] = [buffered[0]?.U ?? 0, buffered.at(-1)?.u ?? 0];
    expect(await snapshot(-60_000)).toBeLessThan(first);
    const inside = await snapshot(-2_000);
    expect(inside).toBeGreaterThan(first);
    expect(inside).toBeLessThan(last);
    expect(buffered.some(({ U, u }) => U <= inside && inside <= u)).toBe(true);
    expect(await snapshot(5_000)).toBeGreaterThan(last);
    for (const [index, change] of buffered.entries()) if (index > 0) expect(change.U).toBe((buffered[index - 1]?.u ?? 0) + 1);
  });
});

describe('the clock of limits', () => {
  it('is the venue’s when a test chooses', async () => {
    await rig.close();
    rig = await startRig({ speed: 60, limitClock: 'venue', limits: { weightPerMinute: 10 } });
    expect((await rig.call('exchangeInfo')).status).toBe(429);
    const client = await rig.connect('', '/ws');
    const mute = await rig.connect('btcusdt@trade');
    mute.socket.pause();
    rig.clock.advance(1_000);
    expect((await rig.call('time')).headers.get('x-mbx-used-weight-1m')).toBe('1');
    await eventually(() => expect(client.pings).toBe(1), PATIENCE);
    // The PONG is the first message of this second.
    for (let id = 1; id <= 4; id++) client.send({ method: 'LIST_SUBSCRIPTIONS', id });
    await eventually(() => expect(client.frames).toHaveLength(4), PATIENCE);
    rig.clock.advance(17);
    client.send({ method: 'LIST_SUBSCRIPTIONS', id: 5 });
    await eventually(() => expect(client.frames).toHaveLength(5), PATIENCE);
    rig.clock.advance(2_000);
    await eventually(
      async () => expect(await (await fetch(`${rig.sim.restUrl}/admin/status`)).json()).toMatchObject({ links: 1 }),
      PATIENCE,
    );
  });
});

describe('truth by the admin interface', () => {
  it('knows trades and plants', async () => {
    const [from, to] = [NOW - 110_000, NOW - 50_000];
    await rig.post({ kind: 'hole', symbol: 'ETHUSDT', from: from - 60_000, to: from });
    const read = async (path: string) => (await fetch(`${rig.sim.restUrl}/admin/${path}`)).json();
    expect(await read('plants')).toEqual([{ symbol: 'ETHUSDT', kind: 'hole', from: from - 60_000, to: from }]);
    const trades = (await read(`trades?symbol=ETHUSDT&from=${from}&to=${to}`)) as Event[];
    const rest = (await (await rig.call(`aggTrades?symbol=ETHUSDT&startTime=${from}&endTime=${to - 1}`)).json()) as Event[];
    expect(trades.map(({ id, price, quantity, time }) => [id, price, quantity, time])).toEqual(rest.map(({ a, p, q, T }) => [a, p, q, T]));
    expect(trades.length).toBeGreaterThan(0);
    expect(rig.sim.trueTrades('ETHUSDT', { from: (from - 60_000) as EpochMs, to: from as EpochMs })).toEqual([]);
  });
});
