import { type Candle, toIso } from '@candlecast/domain';
import { CANDLE_COLUMNS, type CandleColumn } from './candle-columns.ts';

/** The first line: the names of the columns. */
export const CSV_HEADER = `${CANDLE_COLUMNS.map(({ name }) => name).join(',')}\n`;

/** Returns one line a candle (RFC 4180; no value needs quotes): decimals digit by digit as they are stored, times in ISO-8601, null as nothing. */
export function toCsv(candles: readonly Candle[]): string {
  return candles.map((candle) => `${CANDLE_COLUMNS.map((column) => toCell(column, candle)).join(',')}\n`).join('');
}

function toCell(column: CandleColumn, candle: Candle): string {
  if (column.kind === 'time') return toIso(column.of(candle));
  return String(column.of(candle) ?? '');
}
