import { createHash } from 'node:crypto';
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gzipSync } from 'node:zlib';
import { type EpochMs, MINUTE_MS, type TimeRange, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { createTestDatabase, hasTestData, testDataDir } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectedStore, connectStore } from '../write/connect-store.ts';
import { planImport } from './plan-import.ts';
import { outcomeLine, summaryLine } from './print-import.ts';
import { type ImportOutcome, runImport } from './run-import.ts';

const dir = mkdtempSync(join(tmpdir(), 'run-import-'));
const NOW = toEpochMs(Date.UTC(2026, 0, 1));
const START = Date.UTC(2022, 4, 1);
let store: ConnectedStore;
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  store = await connectStore(database.url);
});
afterAll(async () => {
  await store.close();
  await drop();
  rmSync(dir, { recursive: true });
});

async function importPaths(...paths: string[]): Promise<ImportOutcome[]> {
  const outcomes: ImportOutcome[] = [];
  const items = await planImport({ paths, symbols: [], from: undefined, to: undefined }, NOW);
  await runImport(items, {
    ...store,
    venue: 'BINANCE',
    host: undefined,
    now: () => NOW,
    elapsedMs: () => 0,
    onRows: () => undefined,
    onOutcome: (outcome) => outcomes.push(outcome),
    signal: new AbortController().signal,
  });
  return outcomes;
}

function write(name: string, rows: readonly string[], pack: (text: string) => Buffer | string = (text) => text): string {
  const path = join(dir, name);
  writeFileSync(path, pack(`${rows.join('\n')}\n`));
  return path;
}

function stored(symbol: string, range: TimeRange = { from: 0 as EpochMs, to: NOW }) {
  const query = { instrumentId: toInstrumentId('BINANCE', symbol), interval: '1m', range, limit: 1_000_000, take: 'oldest' } as const;
  return store.candles.findCandles(query);
}

const row = (minute: number, values: { time?: number; c?: string; n?: string } = {}) =>
  `${values.time ?? START + minute * MINUTE_MS},2.00,4.00,1.00,${values.c ?? '3.00'},1.50,,4.500,${values.n ?? '5'},0.5,1.5,0`;

describe('runImport', () => {
  it('imports a folder: its 1m files, packed or not, header or not, milliseconds or microseconds', async () => {
    const folder = mkdtempSync(join(dir, 'folder-'));
    const header = 'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';
    writeFileSync(join(folder, 'AAAUSDT-1m-2022-05.csv'), [header, row(0), row(1)].join('\n'));
    const micros = [2, 3].map((minute) => row(minute, { time: (START + minute * MINUTE_MS) * 1_000 }));
    writeFileSync(join(folder, 'AAAUSDT-1m-2025-01.csv.gz'), gzipSync(micros.join('\n')));
    writeFileSync(join(folder, 'AAAUSDT-1h-2022-05.csv'), row(0));
    const outcomes = await importPaths(folder);
    expect(outcomes.map(({ name, kind }) => [name, kind])).toEqual([
      ['AAAUSDT-1m-2022-05.csv', 'imported'],
      ['AAAUSDT-1m-2025-01.csv.gz', 'imported'],
    ]);
    expect((await stored('AAAUSDT')).map(({ openTime }) => (openTime - START) / MINUTE_MS)).toEqual([0, 1, 2, 3]);
    const instrument = await store.instruments.findInstrument(toInstrumentId('BINANCE', 'AAAUSDT'));
    expect(instrument).toMatchObject({ baseAsset: 'AAA', quoteAsset: 'USDT', state: 'PAUSED' });
    expect(summaryLine(outcomes)).toContain('2 of 2 files imported, 4 rows');
  });

  it('compares the checksum beside a file, and imports nothing of a file that is not the published one', async () => {
    const path = write('BBBUSDT-1m-2022-05.csv', [row(0)]);
    writeFileSync(`${path}.CHECKSUM`, `${'0'.repeat(64)}  BBBUSDT-1m-2022-05.csv`);
    await expect(importPaths(path)).rejects.toMatchObject({ code: 'checksum_mismatch' });
    expect(await stored('BBBUSDT')).toEqual([]);
    writeFileSync(
      `${path}.CHECKSUM`,
      createHash('sha256')
        .update(`${row(0)}\n`)
        .digest('hex'),
    );
    expect(await importPaths(path)).toMatchObject([{ kind: 'imported', file: { isVerified: true, inserted: 1 } }]);
    expect(await importPaths(path)).toEqual([{ kind: 'known', name: 'BBBUSDT-1m-2022-05.csv' }]);
  });

  it('counts refused rows by reason, and rows off the grid, which become the candle of their minute', async () => {
    const path = write('CCCUSDT-1m-2022-05.csv', [
      row(0, { time: START + 14_789 }),
      row(0, { time: START + 44_789, c: '3.50' }),
      row(1),
      'nonsense',
      row(2).replace('4.00', '0.10'),
    ]);
    const [outcome] = await importPaths(path);
    expect(outcome).toMatchObject({
      file: { rows: 5, inserted: 2, offGrid: 2, refused: 2, refusals: { column_count: 1, price_order: 1 } },
    });
    expect(outcome && outcomeLine(outcome)).toContain('off the grid 2; refused 2 (column_count 1, price_order 1)');
    expect(await stored('CCCUSDT')).toMatchObject([{ openTime: START, close: '3.50', baseVolume: '3.00', tradeCount: 10 }, {}]);
  });

  it('takes a revised file as a correction, and an older one not at all where it knows fewer trades', async () => {
    await importPaths(write('DDDUSDT-1m-2022-05.csv', [row(0, { n: '6' }), row(1)]));
    const [outcome] = await importPaths(write('DDDUSDT-1m-2022-05.csv', [row(0, { n: '5', c: '2.50' }), row(1, { c: '2.50' })]));
    expect(outcome).toMatchObject({ file: { corrected: 1, unchanged: 1 } });
    expect(await stored('DDDUSDT')).toMatchObject([
      { close: '3.00', revision: 0 },
      { close: '2.50', revision: 1 },
    ]);
  });

  it.each([
    ['DDDUSDT-1h-2022-05.csv', 'interval_not_stored'],
    ['candles.csv', 'candle_file_name_invalid'],
    ['EEEUSDT-1m-missing.csv', 'candle_file_unreadable'],
  ])('refuses %s: %s', async (name, code) => {
    if (!name.includes('missing')) write(name, [row(0)]);
    await expect(importPaths(join(dir, name))).rejects.toMatchObject({ code });
  });

  it.each([
    ['nothing', { paths: [], symbols: [] }],
    ['both', { paths: ['x'], symbols: ['BTCUSDT'] }],
    ['a symbol without a beginning', { paths: [], symbols: ['BTCUSDT'] }],
    ['a range turned around', { paths: [], symbols: ['BTCUSDT'], from: NOW, to: toEpochMs(NOW - 1) }],
  ])('refuses a wish for %s', async (_, wish) => {
    await expect(planImport({ from: undefined, to: undefined, ...wish }, NOW)).rejects.toMatchObject({ code: 'config_invalid' });
  });
});

describe.skipIf(!hasTestData())('recorded anomalies (needs klines/ in TEST_DATA_DIR)', () => {
  const klines = (name: string) => join(testDataDir(), 'klines', name);

  /** The rows of a recorded file that open in a range, as its text has them. */
  async function rowsOf(name: string, from: number, to: number): Promise<string[]> {
    const rows: string[] = [];
    for await (const line of createInterface({ input: createReadStream(klines(name)).pipe(createGunzip()) })) {
      const time = Number.parseInt(line, 10);
      if (time >= to) break;
      if (time >= from) rows.push(line);
    }
    return rows;
  }

  it('come back from the database as the file has them, lacking columns as null, float noise rounded to eight places', async () => {
    const name = 'DOGEUSDT-1m-2021-05_2021-06.csv.gz';
    const [outcome] = await importPaths(klines(name));
    expect(outcome).toMatchObject({ file: { rows: 44_445, inserted: 44_445, refused: 0, offGrid: 0 } });
    const lines = await rowsOf(name, 0, Number.POSITIVE_INFINITY);
    const candles = await stored('DOGEUSDT');
    const noisy: string[] = [];
    for (const [index, line] of lines.entries()) {
      const cells = line.split(',');
      const { openTime, open, high, low, close, baseVolume, ...rest } = candles[index] ?? {};
      expect([`${openTime}`, open, high, low, close]).toEqual(cells.slice(0, 5));
      if (baseVolume !== cells[5]) noisy.push(`${cells[5]} ${baseVolume}`);
      expect(rest).toMatchObject({ quoteVolume: null, tradeCount: null, takerBuyBaseVolume: null, takerBuyQuoteVolume: null });
    }
    expect(noisy).toContain('6104598.0999999996 6104598.10000000');
    for (const pair of noisy) expect(pair).toMatch(/^\d+\.\d{9,} \d+\.\d{8}$/);
  }, 240_000);

  it('keep the later version of a restated hour, as a correction', async () => {
    const hour = Date.UTC(2021, 3, 23, 1);
    const [line = ''] = await rowsOf('ETHUSDT-1h-2017-08_2023-07.csv.gz', hour, hour + 1);
    expect(line.split(',')[4]).toMatch(/^2321\.44/);
    const earlier = line.split(',').with(4, '2325.82').join(',');
    await importPaths(write('RSTUSDT-1m-2021-04.csv', [earlier]));
    const [outcome] = await importPaths(write('RSTUSDT-1m-2021-05.csv', [line]));
    expect(outcome).toMatchObject({ file: { corrected: 1 } });
    expect(await stored('RSTUSDT')).toMatchObject([{ openTime: hour, close: line.split(',')[4], revision: 1 }]);
  }, 120_000);
});
