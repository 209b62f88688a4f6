import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS, MINUTE_MS, type TimeRange, toEpochMs } from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBars } from './load-bars.ts';

const START = 1_640_995_200_000;
let dir: string;

const row = (openTime: number, stepMs: number, price: number, rest = '5,50,3') =>
  `${openTime},${price},${price + 2},${price - 1},${price + 1},10,${openTime + stepMs - 1},100,7,${rest.split(',').slice(0, 2).join(',')},0`;
const range = (from: number, to: number): TimeRange => ({ from: toEpochMs(from), to: toEpochMs(to) });

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bars-'));
  const hours = [0, 1, 3].map((hour) => row(START + hour * HOUR_MS, HOUR_MS, 100 + hour));
  await writeFile(join(dir, 'AAAUSDT-1h-2022.csv'), [...hours, row(START + 4 * HOUR_MS + 17, HOUR_MS, 90), 'cut,off'].join('\n'));
  const minutes = Array.from({ length: 90 }, (_, minute) => row(START + minute * MINUTE_MS, MINUTE_MS, 200 + minute));
  await writeFile(join(dir, 'BBBUSDT-1m-2022.csv'), minutes.toSpliced(70, 1).join('\n'));
});
afterAll(() => rm(dir, { recursive: true }));

describe('loadBars', () => {
  it('puts rows on the grid, leaves gaps open and counts what it leaves out', async () => {
    const { series, refused, offGrid } = await loadBars({
      dir,
      interval: '1h',
      range: range(START, START + 6 * HOUR_MS),
      symbols: ['AAAUSDT'],
    });
    const closes = [...(series[0]?.columns.logClose ?? [])].map((value) => Math.round(Math.exp(value)));
    expect(closes).toEqual([101, 102, Number.NaN, 104, Number.NaN, Number.NaN]);
    expect([series[0]?.columns.baseVolume[1], series[0]?.columns.tradeCount[1], series[0]?.columns.takerBuyBaseVolume[1]]).toEqual([
      10, 7, 5,
    ]);
    expect({ refused, offGrid }).toEqual({ refused: 1, offGrid: 1 });
  });

  it('reads no bar that closes after the range', async () => {
    const { series } = await loadBars({ dir, interval: '1h', range: range(START, START + 1.5 * HOUR_MS), symbols: ['AAAUSDT'] });
    expect(series[0]?.length).toBe(1);
  });

  it('makes bars of minutes, of whole ones only', async () => {
    const { series } = await loadBars({ dir, interval: '30m', range: range(START, START + 2 * HOUR_MS) });
    const columns = series[0]?.columns;
    expect(Math.exp(columns?.logHigh[0] ?? 0)).toBeCloseTo(231, 6);
    expect(Math.exp(columns?.logLow[0] ?? 0)).toBeCloseTo(199, 6);
    expect(Math.exp(columns?.logClose[1] ?? 0)).toBeCloseTo(260, 6);
    expect(columns?.baseVolume[1]).toBe(300);
    expect([...(columns?.logClose ?? [])].map(Number.isNaN)).toEqual([false, false, true, true]);
  });

  it('names a symbol without files', async () => {
    const missing = loadBars({ dir, interval: '1h', range: range(START, START + HOUR_MS), symbols: ['CCCUSDT'] });
    await expect(missing).rejects.toMatchObject({ code: 'candles_missing' });
  });
});
