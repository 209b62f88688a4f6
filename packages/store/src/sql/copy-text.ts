import { type EpochMs, toIso } from '@candlecast/domain';

/** A value of a row for COPY, null for none. Texts that may hold a backslash, tab or line break go through `escapeCopy` first. */
export type CopyValue = string | number | null | undefined;

/** Rows are sent in texts of about this many characters: a stream costs by the piece. */
const PIECE_CHARACTERS = 65_536;

/** Writes rows in the text format of COPY, many of them in each text. */
export function* toCopyTexts(rows: Iterable<readonly CopyValue[]>): Iterable<string> {
  let piece = '';
  for (const row of rows) {
    piece += `${row.map((value) => value ?? '\\N').join('\t')}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Returns any text as a value. */
export function escapeCopy(text: string): string {
  return text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

/** Returns bytes, given in hexadecimal digits, as a value of type bytea. */
export function bytesForCopy(digits: string): string {
  return `\\\\x${digits}`;
}

/** Returns a function that writes moments, for rows of which many share the same few: the entries of a close share a dozen. */
export function createTimeWriter(): (time: EpochMs) => string {
  const known = new Map<EpochMs, string>();
  return (time) => {
    const text = known.get(time) ?? toIso(time);
    known.set(time, text);
    return text;
  };
}
