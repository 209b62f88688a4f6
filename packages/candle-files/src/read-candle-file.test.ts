import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { listCandleFiles } from './list-candle-files.ts';
import { type CandleFileRow, readCandleFile } from './read-candle-file.ts';
import { zipOf } from './zip-fixture.ts';

const dir = mkdtempSync(join(tmpdir(), 'candle-files-'));
afterAll(() => rmSync(dir, { recursive: true }));

/** The first two rows of Binance's own BTCUSDT 1m dump of January 2022. */
const ROWS = [
  '1640995200000,46216.93000000,46271.08000000,46208.37000000,46250.00000000,40.57574000,1640995259999,1875978.44269790,796,27.26086000,1260270.37206270,0',
  '1640995260000,46250.00000000,46344.23000000,46234.39000000,46312.76000000,42.38106000,1640995319999,1961908.27328950,973,28.92522000,1339049.49591330,0',
];
const CSV = `${ROWS.join('\n')}\n`;
const HEADER = 'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore\n';

async function read(name: string, bytes: string | Buffer): Promise<CandleFileRow[]> {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return collect(readCandleFile(path));
}

async function collect(rows: AsyncIterable<CandleFileRow>): Promise<CandleFileRow[]> {
  const collected: CandleFileRow[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
}

const openTimes = (rows: CandleFileRow[]) => rows.map((row) => (row.kind === 'candle' ? row.candle.openTime : row.reason));

describe('readCandleFile', () => {
  it.each([
    ['BTCUSDT-1m-2022-01.csv', CSV],
    ['BTCUSDT-1m-2022-02.csv.gz', gzipSync(CSV)],
    ['BTCUSDT-1m-2022-03.zip', zipOf({ 'BTCUSDT-1m-2022-03.csv': CSV })],
    ['BTCUSDT-1m-2022-04.csv', HEADER + CSV],
    ['BTCUSDT-1m-2022-05.csv', `\uFEFF${HEADER}${CSV}`],
    ['BTCUSDT-1m-2022-06.csv', CSV.replaceAll('\n', '\r\n')],
    ['BTCUSDT-1m-2022-07.csv', CSV.replace(/(164099\d{7})/g, '$1000')],
  ])('reads the same candles from %s', async (name, bytes) => {
    const rows = await read(name, bytes);
    expect(openTimes(rows)).toEqual([1640995200000, 1640995260000]);
    expect(rows[1]).toMatchObject({ isOffGrid: false, candle: { close: '46312.76000000', tradeCount: 973 } });
  });

  it('reports a malformed row with its line and reason and goes on', async () => {
    const rows = await read('BTCUSDT-1m-bad.csv', `${HEADER}${ROWS[0]}\n1640995200000,"46216\n\n${ROWS[1]}\n${ROWS[0]?.slice(0, 60)}`);
    expect(openTimes(rows)).toEqual([1640995200000, 'column_count', 1640995260000, 'column_count']);
    expect(rows.map((row) => row.line)).toEqual([2, 3, 5, 6]);
    expect(rows[1]).toMatchObject({ kind: 'refused', text: '1640995200000,"46216' });
  });

  it('refuses a row in the other unit of time instead of guessing', async () => {
    const microseconds = CSV.replace(/(164099\d{7})/g, '$1000');
    expect(openTimes(await read('BTCUSDT-1m-mixed.csv', CSV + microseconds))).toEqual([
      1640995200000,
      1640995260000,
      'time_unit',
      'time_unit',
    ]);
  });

  it('keeps an open time that is off the grid and flags it', async () => {
    const rows = await read('ETHUSDT-1h-2018-02.csv', `1518168494789${ROWS[0]?.slice(13)}\n`);
    expect(rows).toMatchObject([{ kind: 'candle', isOffGrid: true, candle: { openTime: 1518168494789 } }]);
  });

  it('yields nothing for an empty file', async () => {
    expect(await read('BTCUSDT-1m-empty.csv', '')).toEqual([]);
  });

  it('throws when the bytes are damaged', async () => {
    const noise = Array.from({ length: 2_000 }, (_, index) => (index * 7_919) % 1_000_003).join(';');
    await expect(read('BTCUSDT-1m-cut.csv.gz', gzipSync(CSV + noise).subarray(0, 2_000))).rejects.toMatchObject({
      code: 'candle_file_unreadable',
    });
    await expect(read('BTCUSDT-1m-cut.zip', zipOf({ 'a.csv': CSV }).subarray(0, 100))).rejects.toMatchObject({
      code: 'candle_file_unreadable',
    });
    await expect(read('BTCUSDT-1m-two.zip', zipOf({ 'a.csv': CSV, 'b.csv': CSV }))).rejects.toMatchObject({
      code: 'candle_file_unreadable',
    });
    await expect(collect(readCandleFile(join(dir, 'BTCUSDT-1m-none.csv')))).rejects.toMatchObject({
      code: 'candle_file_unreadable',
    });
  });

  it('needs the interval from the name or the caller', async () => {
    await expect(read('candles.csv', CSV)).rejects.toMatchObject({ code: 'candle_file_name_invalid' });
    expect(await collect(readCandleFile(join(dir, 'candles.csv'), '1m'))).toHaveLength(2);
  });
});

describe('listCandleFiles', () => {
  it('lists the files of one interval by name', async () => {
    const files = await listCandleFiles(dir, '1h');
    expect(files).toMatchObject([{ symbol: 'ETHUSDT', interval: '1h', period: '2018-02' }]);
    expect(files[0]?.sizeBytes).toBeGreaterThan(100);
  });

  it('says which folder is missing', async () => {
    await expect(listCandleFiles(join(dir, 'none'), '1m')).rejects.toMatchObject({ code: 'candle_folder_unreadable' });
  });
});

describe.skipIf(!hasTestData())(`recordings in ${testDataDir()} (skipped when that folder is missing)`, () => {
  const count = async (name: string) => {
    const counts = { candles: 0, refused: 0, offGrid: 0, noTrade: 0, ohlcvOnly: 0, tooPrecise: 0 };
    for await (const row of readCandleFile(join(testDataDir(), 'klines', name))) {
      if (row.kind === 'refused') {
        counts.refused++;
        continue;
      }
      counts.candles++;
      if (row.isOffGrid) counts.offGrid++;
      if (row.candle.tradeCount === 0) counts.noTrade++;
      if (row.candle.quoteVolume === null) counts.ohlcvOnly++;
      if (/\.\d{9}/.test(row.candle.baseVolume)) counts.tooPrecise++;
    }
    return counts;
  };

  it('reads every row of a full dump', async () => {
    expect(await count('BTCUSDT-1m-2021-05_2021-06.csv.gz')).toEqual({
      candles: 87_840,
      refused: 0,
      offGrid: 0,
      noTrade: 0,
      ohlcvOnly: 0,
      tooPrecise: 0,
    });
  });

  it('reads OHLCV-only rows and rounds their float noise', async () => {
    expect(await count('DOGEUSDT-1m-2021-05_2021-06.csv.gz')).toEqual({
      candles: 44_445,
      refused: 0,
      offGrid: 0,
      noTrade: 0,
      ohlcvOnly: 44_445,
      tooPrecise: 0,
    });
  });

  it('flags the hours that start off the grid', async () => {
    expect(await count('ETHUSDT-1h-2017-08_2023-07.csv.gz')).toMatchObject({ candles: 52_069, refused: 0, offGrid: 43 });
  });

  it('reads exponents', async () => {
    expect(await count('BTCUSDT-1h-2017-08_2023-07.csv.gz')).toMatchObject({ candles: 52_068, refused: 0, noTrade: 4 });
  });
});
