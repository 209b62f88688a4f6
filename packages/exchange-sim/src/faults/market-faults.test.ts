import { type EpochMs, MINUTE_MS } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closesOf, NOW, type SimRig, startRig } from '../testing/sim-rig.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

const MINUTE = NOW - 50_000;
const at = (minutes: number) => (MINUTE + minutes * MINUTE_MS) as EpochMs;
let rig: SimRig;

beforeEach(async () => {
  rig = await startRig();
});
afterEach(() => rig.close());

type Row = [openTime: number, ...cells: (string | number)[]];
const rowsFrom = async (from: number) =>
  (await (await rig.call(`klines?symbol=BTCUSDT&interval=1m&startTime=${from}&limit=1000`)).json()) as Row[];

describe('a planted hole', () => {
  it('of more than a page is in REST and in the truth', async () => {
    const record = await rig.post({ kind: 'hole', symbol: 'BTCUSDT', from: at(-2_000), to: at(-500) });
    expect(record).toMatchObject({ hits: 1_500, isArmed: false });
    const rows = await rowsFrom(at(-2_010));
    expect(rows.map(([openTime]) => openTime).slice(8, 12)).toEqual([at(-2_002), at(-2_001), at(-500), at(-499)]);
    const truth = await rig.sim.truth('BTCUSDT', '1m', { from: at(-2_010), to: at(0) });
    expect(truth.map(({ openTime }) => openTime)).toEqual(rows.slice(0, -1).map(([openTime]) => openTime));
    expect(await rig.sim.truth('BTCUSDT', '1h', { from: at(-1_900), to: at(-600) })).toEqual([]);
  });

  it('that lies ahead is in the streams', async () => {
    await rig.post({ kind: 'hole', symbol: 'BTCUSDT', from: at(2), to: at(5) });
    const client = await rig.connect('btcusdt@kline_1m/btcusdt@aggTrade/ethusdt@kline_1m');
    await eventually(
      () => {
        rig.clock.advance(2_000);
        expect(closesOf(client, 'btcusdt@kline_1m').map(({ t }) => t)).toEqual([at(0), at(1), at(5)]);
      },
      { timeoutMs: 60_000, intervalMs: 55 },
    );
    expect(closesOf(client, 'ethusdt@kline_1m').map(({ t }) => t)).toEqual([0, 1, 2, 3, 4, 5].map(at));
    const trades = client.all<{ data: { e: string; a: number; T: number } }>().filter(({ data }) => data.e === 'aggTrade');
    expect(trades.filter(({ data }) => data.T >= at(2) && data.T < at(5))).toEqual([]);
    const ids = trades.map(({ data }) => data.a);
    expect(ids).toEqual(ids.map((_, index) => (ids[0] ?? 0) + index));
  });

  it('is refused where somebody has read already', async () => {
    await rowsFrom(at(-10));
    expect(await rig.post({ kind: 'hole', symbol: 'BTCUSDT', from: at(-5), to: at(-4) })).toEqual({
      error: expect.stringContaining('has been read'),
    });
    expect((await rig.post({ kind: 'hole', symbol: 'ETHUSDT', from: at(-5), to: at(-4) })).hits).toBe(1);
  });
});

describe('rows off the grid', () => {
  it('are in REST as they are and in the truth as minutes', async () => {
    await rig.post({ kind: 'offGrid', symbol: 'BTCUSDT', from: at(-5), to: at(-2), shiftMs: 14_789 });
    const times = (await rowsFrom(at(-6))).map(([openTime]) => openTime - MINUTE);
    expect(times).toEqual([-360_000, -300_000, -285_211, -225_211, -165_211, -120_000, -60_000, 0]);
    const truth = await rig.sim.truth('BTCUSDT', '1m', { from: at(-6), to: at(0) });
    expect(truth.map(({ openTime }) => openTime)).toEqual([-6, -5, -4, -3, -2, -1].map(at));
    for (const [index, { tradeCount, firstTradeId, lastTradeId }] of truth.entries()) {
      expect(tradeCount).toBe((lastTradeId ?? 0) - (firstTradeId ?? 0) + 1);
      if (index > 0) expect(firstTradeId).toBe((truth[index - 1]?.lastTradeId ?? 0) + 1);
    }
  });
});
