import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NOW, type SimRig, startRig } from '../testing/sim-rig.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

let rig: SimRig;
beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

type Row = [openTime: number, ...cells: (string | number)[]];
const KLINES = 'klines?symbol=BTCUSDT&interval=1m&limit=3';
const readRows = async (path = KLINES) => (await (await rig.call(path)).json()) as Row[];
const hits = async () => (await rig.faults()).map((record) => record.hits);

describe('REST calls', () => {
  it.each([
    [400, -1001, null],
    [403, 0, null],
    [500, -1000, null],
    [502, -1000, null],
    [503, -1008, null],
    [504, -1000, null],
    [429, -1003, '1'],
    [418, -1003, '120'],
    [451, 0, null],
  ] as const)('answer %i for so many calls', async (answer, code, retryAfter) => {
    await rig.post({ kind: 'rest', answer, calls: 2 });
    for (const attempt of [1, 2]) {
      const response = await rig.call();
      expect([attempt, response.status, response.headers.get('retry-after')]).toEqual([attempt, answer, retryAfter]);
      expect(response.headers.get('x-mbx-used-weight-1m')).toMatch(/^\d+$/);
      expect(await response.json()).toMatchObject({ code });
    }
    expect((await rig.call()).status).toBe(200);
    expect(await hits()).toEqual([2]);
  });

  it('answer 429 and 418 with the wait that the fault asks for', async () => {
    await rig.post({ kind: 'rest', answer: 429, durationMs: 5_000, retryAfterS: 7 });
    await rig.post({ kind: 'rest', answer: 418, retryAfterS: 300 });
    for (const _ of [1, 2, 3]) expect((await rig.call()).headers.get('retry-after')).toBe('7');
    rig.clock.advance(5_000);
    const banned = await rig.call();
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '300']);
    expect(await banned.json()).toMatchObject({ msg: expect.stringContaining(`banned until ${NOW + 305_000}`) });
    expect(await hits()).toEqual([3, 1]);
  });

  it('are spoilt on one path or for one symbol alone', async () => {
    await rig.post({ kind: 'rest', answer: 500, path: 'klines', symbol: 'ETHUSDT' });
    expect((await rig.call('time')).status).toBe(200);
    expect((await rig.call(KLINES)).status).toBe(200);
    expect((await rig.call('klines?symbol=ETHUSDT&interval=1m')).status).toBe(500);
  });

  it('get no answer until the faults are cleared', async () => {
    const { id } = rig.sim.inject({ kind: 'rest', answer: 'timeout', calls: 5 });
    await expect(fetch(`${rig.sim.restUrl}/api/v3/time`, { signal: AbortSignal.timeout(300) })).rejects.toThrow('timeout');
    await rig.post({ kind: 'clear', id });
    expect((await rig.call()).status).toBe(200);
  });

  it('get a whole body slowly', async () => {
    const whole = await readRows();
    await rig.post({ kind: 'rest', answer: 'slowBody', bodyMs: 300 });
    const response = await rig.call(KLINES);
    const pieces: Uint8Array[] = [];
    for await (const piece of response.body ?? []) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(3);
    expect(JSON.parse(Buffer.concat(pieces).toString())).toEqual(whole);
  });

  it('get half a body', async () => {
    await rig.post({ kind: 'rest', answer: 'cutBody' });
    const response = await rig.call(KLINES);
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
  });

  it('get an empty page', async () => {
    await rig.post({ kind: 'rest', answer: 'emptyPage', path: 'klines' });
    expect(await readRows()).toEqual([]);
    expect(await readRows()).toHaveLength(3);
  });

  it('get the still open candle with old values', async () => {
    const [fresh] = (await readRows()).slice(-1);
    await rig.post({ kind: 'rest', answer: 'stale', ageMs: 30_000, path: 'klines' });
    const [stale] = (await readRows()).slice(-1);
    expect(stale?.[0]).toBe(fresh?.[0]);
    expect(Number(stale?.[5])).toBeLessThan(Number(fresh?.[5]));
    expect((await readRows()).at(-1)).toEqual(fresh);
  });

  it('get a closed candle with the values of before its last trades', async () => {
    rig.clock.advance(15_000);
    await rig.post({ kind: 'rest', answer: 'stale', ageMs: 20_000, path: 'klines' });
    const last = (await readRows()).at(-1);
    const { serverTime } = (await (await rig.call('time')).json()) as { serverTime: number };
    expect(serverTime - Number(last?.[6])).toBeGreaterThan(2_000);
    const [truth] = await rig.sim.truth('BTCUSDT', '1m', { from: NOW - 50_000, to: NOW } as never);
    expect(truth?.openTime).toBe(last?.[0]);
    expect(Number(last?.[8])).toBeLessThan(truth?.tradeCount ?? 0);
  });

  it('get a book from before or after the moment of the call', async () => {
    const read = async () => ((await (await rig.call('depth?symbol=BTCUSDT')).json()) as { lastUpdateId: number }).lastUpdateId;
    const present = await read();
    await rig.post({ kind: 'rest', answer: 'bookShift', byMs: -5_000 });
    expect(await read()).toBeLessThan(present);
    await rig.post({ kind: 'rest', answer: 'bookShift', byMs: 5_000 });
    expect(await read()).toBeGreaterThan(present);
    expect(await read()).toBe(present);
  });

  it('get JSON that is none', async () => {
    for (const path of ['time', KLINES]) {
      await rig.post({ kind: 'rest', answer: 'corruptJson' });
      await expect((await rig.call(path)).json()).rejects.toThrow(SyntaxError);
    }
  });

  it('get a value of another type', async () => {
    await rig.post({ kind: 'rest', answer: 'wrongType', seed: 4 });
    const cells = (await readRows()).flatMap((row) => row.map((cell) => typeof cell));
    expect(cells.filter((type) => type === 'string')).toHaveLength(3 * 9 - 1);
  });

  it('get a status that nobody knows', async () => {
    await rig.post({ kind: 'rest', answer: 'newEnum', path: 'exchangeInfo' });
    const info = (await (await rig.call('exchangeInfo')).json()) as { symbols: { status: string }[] };
    expect(info.symbols.map(({ status }) => status)).toEqual(['TRADING_BY_MOONLIGHT', 'TRADING_BY_MOONLIGHT']);
  });
});

describe('a jump of the venue’s time', () => {
  const timeOf = async () => ((await (await rig.call('time')).json()) as { serverTime: number }).serverTime;

  it('shows in the server time and in the events, and does not move the market', async () => {
    const client = await rig.connect('btcusdt@kline_1m');
    await rig.post({ kind: 'timeJump', byMs: 600_000, durationMs: 60_000 });
    expect(await timeOf()).toBe(NOW + 600_000);
    expect((await readRows()).at(-1)?.[0]).toBe(NOW - 50_000);
    rig.clock.advance(3_000);
    await eventually(() => expect(client.frames).toHaveLength(1), { timeoutMs: 60_000 });
    expect(client.all()).toMatchObject([{ data: { E: NOW + 603_000, k: { t: NOW - 50_000 } } }]);
    expect(await hits()).toEqual([2]);
    rig.clock.advance(60_000);
    expect(await timeOf()).toBe(NOW + 63_000);
  });

  it('can be of the server time alone', async () => {
    const client = await rig.connect('btcusdt@kline_1m');
    await rig.post({ kind: 'timeJump', byMs: -60_000, of: 'server' });
    expect(await timeOf()).toBe(NOW - 60_000);
    rig.clock.advance(3_000);
    await eventually(() => expect(client.all()).toMatchObject([{ data: { E: NOW + 3_000 } }]), { timeoutMs: 60_000 });
  });
});
