import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** A row of a recorded candle file: its columns as they stand in the file. */
export interface RecordedRow {
  readonly openTime: number;
  readonly columns: readonly string[];
}

/** Column numbers of Binance's dump format that a candle shows, by the name in the API. */
export const COLUMNS = {
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  baseVolume: 5,
  quoteVolume: 7,
  tradeCount: 8,
  takerBuyBaseVolume: 9,
  takerBuyQuoteVolume: 10,
} as const;

/**
 * Reads the rows of a gzipped recording with open times in [from, to), oldest first. An oracle: it shares no code with the product.
 */
export async function readRecorded(path: string, from: number, to: number): Promise<RecordedRow[]> {
  const rows: RecordedRow[] = [];
  const lines = createInterface({ input: createReadStream(path).pipe(createGunzip()) });
  for await (const line of lines) {
    const columns = line.split(',');
    const openTime = Number(columns[0]);
    if (openTime >= from && openTime < to) rows.push({ openTime, columns });
  }
  return rows;
}

/** Returns the exact sum of decimal texts, in units of 10^-8 (every column of the recordings has at most eight decimals). */
export function sumUnits(texts: readonly string[]): bigint {
  return texts.reduce((sum, text) => sum + toUnits(text), 0n);
}

/** Returns a decimal text in units of 10^-8. */
export function toUnits(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  const sign = whole.startsWith('-') ? -1n : 1n;
  return sign * (BigInt(whole.replace('-', '')) * 100_000_000n + BigInt(fraction.padEnd(8, '0').slice(0, 8)));
}
