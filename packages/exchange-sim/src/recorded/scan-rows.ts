import { findRowFault, type RowFault, readRow } from './recorded-row.ts';

/** Where the rows of a CSV stand, and what their digits say; the text itself stays in the file's bytes. */
export interface ScannedRows {
  readonly count: number;
  /** Open times in milliseconds, in the file's order. */
  readonly times: Float64Array;
  /** Where each line starts in the bytes. */
  readonly offsets: Uint32Array;
  /** 1 where the minute has volume. */
  readonly traded: Uint8Array;
  /** The most decimals, trailing zeros aside, of any price and any volume. */
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
  readonly refused: readonly { readonly line: number; readonly fault: RowFault | 'other unit of time' }[];
}

const [NEWLINE, RETURN, COMMA, POINT, ZERO, NINE] = [10, 13, 44, 46, 48, 57];
const MICROSECONDS_FROM = 1e14;

/**
 * Finds the rows of a CSV in one pass over its bytes, some nanoseconds a byte: a recording may have millions. Lines that are not plain
 * digits in good order get the slow look of `findRowFault`. A first line that starts with a letter is a header.
 */
export function scanRows(bytes: Buffer): ScannedRows {
  const capacity = countLines(bytes);
  const times = new Float64Array(capacity);
  const offsets = new Uint32Array(capacity);
  const traded = new Uint8Array(capacity);
  const refused: { line: number; fault: RowFault | 'other unit of time' }[] = [];
  const scan = new LineScan(bytes);
  let count = 0;
  let line = 0;
  let isMicroseconds: boolean | undefined;
  for (let start = startOfText(bytes); start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const next = newline < 0 ? bytes.length : newline + 1;
    line++;
    const end = trimReturn(bytes, start, newline < 0 ? bytes.length : newline);
    const isHeader = line === 1 && (bytes[start] ?? 0) > NINE;
    if (end > start && !isHeader) {
      const isPlain = scan.read(start, end);
      const fault = isPlain ? undefined : findRowFault(bytes.toString('latin1', start, end));
      const rawTime = scan.time;
      if (fault) refused.push({ line, fault });
      else if (isMicroseconds !== undefined && rawTime >= MICROSECONDS_FROM !== isMicroseconds) {
        refused.push({ line, fault: 'other unit of time' });
      } else {
        isMicroseconds = rawTime >= MICROSECONDS_FROM;
        times[count] = isMicroseconds ? Math.floor(rawTime / 1_000) : rawTime;
        offsets[count] = start;
        traded[count] = isPlain
          ? scan.traded
          : Number.parseInt(readRow(bytes.toString('latin1', start, end)).volume.replace('.', ''), 10) > 0
            ? 1
            : 0;
        count++;
      }
    }
    start = next;
  }
  const { priceDecimals, volumeDecimals } = scan;
  return { count, times, offsets, traded, priceDecimals, volumeDecimals, refused };
}

/** Reads lines of digits, points and commas without making text of them. */
class LineScan {
  time = 0;
  traded = 0;
  priceDecimals = 0;
  volumeDecimals = 0;
  readonly #bytes: Buffer;
  readonly #prices = new Float64Array(5);

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Returns true when the line is a good row beyond doubt. `time` is set either way. */
  read(start: number, end: number): boolean {
    const bytes = this.#bytes;
    let position = start;
    let time = 0;
    for (; position < end; position++) {
      const byte = bytes[position] ?? 0;
      if (byte < ZERO || byte > NINE) break;
      time = time * 10 + byte - ZERO;
    }
    this.time = time;
    if (bytes[position] !== COMMA || time < 1e11) return false;
    let column = 1;
    let digits = 0;
    let units = 0;
    let decimals = -1;
    let significant = 0;
    for (position++; position <= end; position++) {
      const byte = position === end ? COMMA : (bytes[position] ?? 0);
      if (byte >= ZERO && byte <= NINE) {
        digits++;
        units = units * 10 + byte - ZERO;
        if (decimals >= 0) {
          decimals++;
          if (byte !== ZERO) significant = decimals;
        }
      } else if (byte === POINT && decimals < 0 && digits > 0) decimals = 0;
      else if (byte === COMMA) {
        // Up to 15 digits a double holds every whole number.
        if (column <= 4) {
          if (digits === 0 || digits > 15 || units === 0) return false;
          this.#prices[column] = units / 10 ** Math.max(0, decimals);
          if (significant > this.priceDecimals) this.priceDecimals = Math.min(8, significant);
        } else if (column === 5) {
          if (digits === 0) return false;
          this.traded = units > 0 ? 1 : 0;
          if (significant > this.volumeDecimals && significant <= 8) this.volumeDecimals = significant;
        }
        const isWhole = column === 6 || column === 8;
        if (decimals === 0 || (isWhole && decimals > 0)) return false;
        column++;
        digits = 0;
        units = 0;
        decimals = -1;
        significant = 0;
      } else return false;
    }
    const [, open = 0, high = 0, low = 0, close = 0] = this.#prices;
    return column === 12 && low <= open && low <= close && open <= high && close <= high;
  }
}

function countLines(bytes: Buffer): number {
  let lines = 1;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}

function startOfText(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function trimReturn(bytes: Buffer, start: number, end: number): number {
  return end > start && bytes[end - 1] === RETURN ? end - 1 : end;
}
