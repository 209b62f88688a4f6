import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { DAY_MS, type EpochMs } from '@candlecast/domain';
import { FakeClock } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExchangeSim, startExchangeSim } from '../exchange-sim.ts';

const NOW = Date.UTC(2026, 4, 20, 10, 30, 20);
const DAY = Date.UTC(2026, 4, 18) as EpochMs;
let sim: ExchangeSim;

beforeAll(async () => {
  const clock = new FakeClock(NOW);
  sim = await startExchangeSim({ source: { kind: 'simulated', seed: 3, symbols: ['BTCUSDT'] }, wallClock: clock });
});
afterAll(() => sim.close());

const get = async (path: string) => {
  const response = await fetch(`${sim.restUrl}${path}`);
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
};
const daily = (day: string) => `/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-${day}.zip`;

/** The rows of the only entry of a zip whose sizes stand in its central directory. */
function rowsOf(zip: Buffer): string[] {
  const central = zip.readUInt32LE(zip.length - 22 + 16);
  const size = zip.readUInt32LE(central + 20);
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return inflateRawSync(zip.subarray(start, start + size))
    .toString()
    .trimEnd()
    .split('\n');
}

describe('the dump host', () => {
  it('has whole past days, in microseconds, equal to the market, beside their checksums', async () => {
    const { status, bytes } = await get(daily('2026-05-18'));
    expect(status).toBe(200);
    const truth = await sim.truth('BTCUSDT', '1m', { from: DAY, to: (DAY + DAY_MS) as EpochMs });
    const rows = rowsOf(bytes);
    expect(rows).toHaveLength(1_440);
    for (const index of [0, 777, 1_439]) {
      const { openTime, open, high, low, close, baseVolume, quoteVolume, tradeCount } = truth[index] ?? {};
      const times = [`${openTime}000`, `${(openTime ?? 0) + 59_999}999`];
      expect(rows[index]).toMatch(`${[times[0], open, high, low, close, baseVolume, times[1], quoteVolume, tradeCount].join(',')},`);
    }
    const checksum = await get(`${daily('2026-05-18')}.CHECKSUM`);
    expect(checksum.bytes.toString()).toBe(`${createHash('sha256').update(bytes).digest('hex')}  BTCUSDT-1m-2026-05-18.zip\n`);
  });

  it.each([
    ['a day that is not over', daily('2026-05-20')],
    ['a month that is not over', '/data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2026-05.zip'],
    ['a pair that is not listed', '/data/spot/daily/klines/NOPEUSDT/1m/NOPEUSDT-1m-2026-05-18.zip'],
    ['a day before the listing', daily('2009-01-03')],
    ['a month among the days', '/data/spot/daily/klines/BTCUSDT/1m/BTCUSDT-1m-2026-04.zip'],
    ['another path', '/data/spot/daily/trades/BTCUSDT/BTCUSDT-trades-2026-05-18.zip'],
  ])('does not have %s', async (_, path) => {
    expect((await get(path)).status).toBe(404);
    expect((await get(`${path}.CHECKSUM`)).status).toBe(404);
  });

  it('goes wrong on request, once each', async () => {
    const [sound, sum] = [await get(daily('2026-05-17')), await get(`${daily('2026-05-17')}.CHECKSUM`)];
    sim.dumps.spoil('checksum');
    expect((await get(`${daily('2026-05-17')}.CHECKSUM`)).bytes).not.toEqual(sum.bytes);
    sim.dumps.spoil('truncated');
    expect((await get(daily('2026-05-17'))).bytes.length).toBe(Math.floor(sound.bytes.length / 2));
    sim.dumps.spoil('missingRows');
    const [spoiledSum, spoiled] = [await get(`${daily('2026-05-17')}.CHECKSUM`), await get(daily('2026-05-17'))];
    expect(rowsOf(spoiled.bytes)).toHaveLength(1_440 - 14);
    expect(spoiledSum.bytes.toString()).toContain(createHash('sha256').update(spoiled.bytes).digest('hex'));
    sim.dumps.spoil('unavailable');
    expect((await get(daily('2026-05-17'))).status).toBe(503);
    expect((await get(daily('2026-05-17'))).bytes).toEqual(sound.bytes);
    expect((await get(`${daily('2026-05-17')}.CHECKSUM`)).bytes).toEqual(sum.bytes);
  });
});
