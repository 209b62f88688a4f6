import { createReadStream, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { parseCandleFileName, readCandleFile } from '@candlecast/candle-files';
import { type Candle, type CandleValues, type InstrumentId, toDecimal, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { createTestDatabase, hasTestData, testDataDir } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectedStore, connectStore } from '../write/connect-store.ts';

// `npm run test:round-trip` takes every recorded file (some minutes), otherwise a sample: all kinds of source, each once.
const isWhole = process.env.ROUND_TRIP_FILES === 'all';
const SAMPLE = /^(BTCUSDT-1d|DOGEUSDT-1d|ETHUSDT-1h|USDCUSDT-1h|ADAUSDT-1h)-/;
const BATCH = 10_080;
/** The place of each column in a row of a file. */
const COLUMNS = [
  ['open', 1],
  ['high', 2],
  ['low', 3],
  ['close', 4],
  ['baseVolume', 5],
  ['quoteVolume', 7],
  ['tradeCount', 8],
  ['takerBuyBaseVolume', 9],
  ['takerBuyQuoteVolume', 10],
] as const;

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
});

function listFiles(): string[] {
  if (!hasTestData()) return [];
  const all = ['klines', 'klines-um'].flatMap((folder) => readdirSync(join(testDataDir(), folder)).map((name) => join(folder, name)));
  return all.filter((path) => parseCandleFileName(path.split('/')[1] ?? '') && (isWhole || SAMPLE.test(path.split('/')[1] ?? '')));
}

describe.skipIf(!hasTestData())('every row of a recorded file (needs klines/ in TEST_DATA_DIR)', () => {
  it.each(listFiles())(
    '%s comes back from the database in every column as the file has it',
    async (path) => {
      const file = join(testDataDir(), path);
      const name = parseCandleFileName(path.split('/')[1] ?? '');
      const id = toInstrumentId('BINANCE', `${name?.symbol}X${name?.interval.toUpperCase()}${listFiles().indexOf(path)}`);
      const listed = {
        id,
        venue: 'BINANCE',
        symbol: id.slice(8),
        baseAsset: 'X',
        quoteAsset: 'X',
        tickSize: null,
        stepSize: null,
      } as const;
      await store.instrumentWriter.upsertInstruments([listed]);
      const text = createInterface({ input: createReadStream(file).pipe(createGunzip()) })[Symbol.asyncIterator]();
      const counts = { rows: 0, cells: 0, identical: 0, absent: 0, rounded: 0, writtenOut: 0 };
      let batch: CandleValues[] = [];
      const settle = async () => {
        await store.importer.importCandles(id, batch, toEpochMs(0));
        for (const candle of await readBack(id, batch)) compare((await text.next()).value ?? '', candle, counts);
        batch = [];
      };
      for await (const row of readCandleFile(file)) {
        if (row.kind === 'refused') throw new Error(`line ${row.line} is refused: ${row.reason}`);
        batch.push(row.candle);
        if (batch.length === BATCH) await settle();
      }
      if (batch.length > 0) await settle();
      expect((await text.next()).done).toBe(true);
      expect(counts.cells).toBe(counts.rows * COLUMNS.length);
      console.log(path, JSON.stringify(counts));
    },
    900_000,
  );
});

function readBack(instrumentId: InstrumentId, batch: readonly CandleValues[]): Promise<Candle[]> {
  const [first, last] = [batch[0]?.openTime ?? toEpochMs(0), batch.at(-1)?.openTime ?? toEpochMs(0)];
  const range = { from: first, to: toEpochMs(last + 1) };
  return store.candles.findCandles({ instrumentId, interval: '1m', range, limit: BATCH + 1, take: 'oldest' });
}

/** Compares with the cells of the text itself, which no parser of ours has seen. */
function compare(line: string, candle: Candle, counts: Record<string, number>): void {
  const cells = line.split(',');
  const note = (kind: string) => {
    counts[kind] = (counts[kind] ?? 0) + 1;
  };
  if (`${candle.openTime}` !== cells[0]) throw new Error(`${cells[0]} came back as ${candle.openTime}`);
  note('rows');
  for (const [column, place] of COLUMNS) {
    const cell = cells[place] ?? '';
    const value = candle[column];
    note('cells');
    if (`${value ?? ''}` === cell) note(cell === '' ? 'absent' : 'identical');
    else if (/^\d+\.\d{9,}$/.test(cell) && `${value}` === roundHalfUp(cell)) note('rounded');
    else if (/^[\d.]+E[+-]?\d+$/i.test(cell) && Number(cell) === Number(value) && toDecimal(`${value}`)) note('writtenOut');
    else throw new Error(`${column} of ${cells[0]} is "${cell}" in the file and came back as "${value}"`);
  }
}

/** Rounds to eight places by the digits alone. */
function roundHalfUp(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const units = BigInt(whole + fraction.slice(0, 8)) + (fraction.charCodeAt(8) >= 53 ? 1n : 0n);
  const digits = units.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
