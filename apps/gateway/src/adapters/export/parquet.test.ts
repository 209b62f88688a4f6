import { type Candle, type Decimal, toDecimal } from '@candlecast/domain';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { at, minuteOf } from '../../testing/test-market.ts';
import { CANDLE_COLUMNS } from './candle-columns.ts';
import { createParquetFile, PARQUET_SCALE, toUnscaled } from './parquet.ts';

const DECIMALS = CANDLE_COLUMNS.filter(({ kind }) => kind === 'decimal').map(({ name }) => name);

function candleOf(minute: number, values: Partial<Candle> = {}): Candle {
  const known = { isClosed: true, revision: 0, knownAt: at(minute + 1), reconstructed: false };
  return { ...minuteOf(minute), ...known, ...values } as Candle;
}

/** Reads decimals as the whole numbers that the file holds: the library's own reading makes floats of them. */
async function readBack(pieces: readonly Uint8Array[]) {
  const file = Uint8Array.from(Buffer.concat(pieces)).buffer;
  const metadata = parquetMetadata(file);
  for (const element of metadata.schema) if (element.converted_type === 'DECIMAL') delete element.converted_type;
  return { metadata, rows: await parquetReadObjects({ file, metadata }) };
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt.asIntN(128, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}

describe('createParquetFile', () => {
  it('keeps every digit, also of numbers that no float holds', async () => {
    const long = toDecimal('12345678901234567890.123456789012345678') as Decimal;
    const candles = [candleOf(0, { high: long, low: toDecimal('-0.00000001') }), candleOf(1), candleOf(2)];
    const file = createParquetFile('SNAPPY');
    const { rows } = await readBack([file.write(candles.slice(0, 2)), file.write(candles.slice(2)), file.finish({})]);
    const read = rows.map((row) => DECIMALS.map((name) => (row[name] === null ? null : toBigInt(row[name]))));
    const written = candles.map((candle) =>
      CANDLE_COLUMNS.flatMap((column) => (column.kind === 'decimal' ? [column.of(candle)] : [])).map((value) => value && toUnscaled(value)),
    );
    expect(read).toEqual(written);
    expect(read[0]?.[1]).toBe(12345678901234567890123456789012345678n);
  });

  it('has times, counts, flags and nulls as such', async () => {
    const file = createParquetFile('UNCOMPRESSED');
    const candles = [candleOf(0, { quoteVolume: null, tradeCount: null, reconstructed: true }), candleOf(1, { tradeCount: 7 })];
    const { rows } = await readBack([file.write(candles), file.finish({})]);
    expect(rows[0]).toMatchObject({ open_time: new Date(at(0)), quote_volume: null, trade_count: null, reconstructed: true });
    expect(rows[1]).toMatchObject({ open_time: new Date(at(1)), trade_count: 7n, known_at: new Date(at(2)), reconstructed: false });
  });

  it('gives away what it has written: a piece is as large as its rows, however long the file', () => {
    const file = createParquetFile('SNAPPY');
    const rows = Array.from({ length: 500 }, (_, minute) => candleOf(minute));
    const sizes = Array.from({ length: 100 }, () => file.write(rows).length);
    expect(Math.max(...sizes)).toBeLessThan(1.1 * Math.min(...sizes));
    expect(file.finish({}).length).toBeLessThan(100 * CANDLE_COLUMNS.length * 200);
  });

  it('is a file without any row, too', async () => {
    const file = createParquetFile('SNAPPY');
    const { rows, metadata } = await readBack([file.write([]), file.finish({ note: 'none' })]);
    expect(rows).toEqual([]);
    expect(metadata.key_value_metadata).toEqual([{ key: 'note', value: 'none' }]);
  });
});

describe('toUnscaled', () => {
  it.each([
    ['1', 10n ** BigInt(PARQUET_SCALE)],
    ['-1.50', -15n * 10n ** 17n],
    ['0.000000000000000001', 1n],
    ['0.1000000000000000000000', 10n ** 17n],
  ])('takes %s', (text, unscaled) => expect(toUnscaled(toDecimal(text))).toBe(unscaled));

  it.each(['0.0000000000000000001', '123456789012345678901'])('refuses %s, which does not fit', (text) => {
    expect(() => toUnscaled(toDecimal(text))).toThrow(`"${text}" does not fit DECIMAL(38, 18)`);
  });
});
