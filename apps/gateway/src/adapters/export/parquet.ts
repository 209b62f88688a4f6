import { AppError, type Candle, type Decimal } from '@candlecast/domain';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { CANDLE_COLUMNS, type CandleColumn } from './candle-columns.ts';

/** Digits after the point of every decimal column: DECIMAL(38, 18). Exchanges send eight. */
export const PARQUET_SCALE = 18;
const PRECISION = 38;

/** How the pages of a file are compressed. */
export type ParquetCodec = 'SNAPPY' | 'UNCOMPRESSED';

/** A Parquet file that is made piece by piece. */
export interface ParquetFile {
  /** Returns the bytes of a row group of `candles`, after whatever was not taken yet. */
  write(candles: readonly Candle[]): Uint8Array;
  /** Returns the rest: the footer with `metadata`. */
  finish(metadata: Readonly<Record<string, string>>): Uint8Array;
}

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

/** Begins a file of candles. Only the places of its row groups are kept until the end. */
export function createParquetFile(codec: ParquetCodec): ParquetFile {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({ writer: bytes, schema: SCHEMA, codec, createdBy: 'candlecast' });

  /** Takes what has been written; the writer goes on at the right offset with an empty buffer. */
  function take(): Uint8Array {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  }

  return {
    write(candles) {
      if (candles.length > 0) {
        const columnData = CANDLE_COLUMNS.map((column) => ({
          name: column.name,
          data: candles.map((candle) => toValue(column, candle)),
          offsetIndex: false, // one page a column and row group: there is nothing to skip to
        }));
        void file.write({ columnData, rowGroupSize: candles.length });
      }
      return take();
    },
    finish(metadata) {
      file.kvMetadata = Object.entries(metadata).map(([key, value]) => ({ key, value }));
      void file.finish();
      return take();
    },
  };
}

const SCHEMA: Schema = [
  { name: 'candles', num_children: CANDLE_COLUMNS.length },
  ...CANDLE_COLUMNS.map((column): Schema[number] => {
    const repetition_type = 'nullable' in column && column.nullable ? 'OPTIONAL' : 'REQUIRED';
    const base = { name: column.name, repetition_type } as const;
    if (column.kind === 'time') return { ...base, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' };
    if (column.kind === 'integer') return { ...base, type: 'INT64' };
    if (column.kind === 'boolean') return { ...base, type: 'BOOLEAN' };
    return {
      ...base,
      type: 'FIXED_LEN_BYTE_ARRAY',
      type_length: 16,
      converted_type: 'DECIMAL',
      scale: PARQUET_SCALE,
      precision: PRECISION,
    };
  }),
];

function toValue(column: CandleColumn, candle: Candle): bigint | boolean | null {
  if (column.kind === 'boolean') return column.of(candle);
  const value = column.of(candle);
  if (value === null) return null;
  return typeof value === 'number' ? BigInt(value) : toUnscaled(value);
}

/** Returns a decimal as a whole number of 10^-18; throws for one with digits beyond that, or beyond 38 in all. */
export function toUnscaled(value: Decimal): bigint {
  const [whole = '', fraction = ''] = value.split('.');
  const digits = `${whole}${fraction.slice(0, PARQUET_SCALE).padEnd(PARQUET_SCALE, '0')}`;
  if (/[^0]/.test(fraction.slice(PARQUET_SCALE)) || digits.replace(/^-?0*/, '').length > PRECISION)
    throw new AppError('decimal_too_long', `"${value}" does not fit DECIMAL(${PRECISION}, ${PARQUET_SCALE})`);
  return BigInt(digits);
}
