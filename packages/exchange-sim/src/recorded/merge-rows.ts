import type { ScannedRows } from './scan-rows.ts';

/** A file of a symbol with its rows. */
export interface ScannedFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly rows: ScannedRows;
}

/** Rows of several files in order of time, each open time once. Columns, not objects: a recording may have millions of rows. */
export interface MergedRows {
  readonly count: number;
  readonly times: Float64Array;
  /** Which file holds the row, and which of its rows it is. */
  readonly files: Uint16Array;
  readonly places: Uint32Array;
  /** Rows dropped because another has the same open time: with the same text, and with another. */
  readonly duplicates: { readonly identical: number; readonly differing: number };
}

/** Merges the files in their order: where two rows have one open time, the row that comes later wins. */
export function mergeRows(files: readonly ScannedFile[]): MergedRows {
  const total = files.reduce((sum, { rows }) => sum + rows.count, 0);
  const times = new Float64Array(total);
  const fileOf = new Uint16Array(total);
  const placeOf = new Uint32Array(total);
  let next = 0;
  for (const [file, { rows }] of files.entries()) {
    times.set(rows.times.subarray(0, rows.count), next);
    fileOf.fill(file, next, next + rows.count);
    for (let place = 0; place < rows.count; place++) placeOf[next + place] = place;
    next += rows.count;
  }
  if (isAscending(times)) return { count: total, times, files: fileOf, places: placeOf, duplicates: { identical: 0, differing: 0 } };

  const order = Uint32Array.from(times.keys()).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b);
  const merged = { times: new Float64Array(total), files: new Uint16Array(total), places: new Uint32Array(total) };
  const duplicates = { identical: 0, differing: 0 };
  let count = 0;
  for (const index of order) {
    const isSame = count > 0 && merged.times[count - 1] === times[index];
    if (isSame) {
      const before = lineText(files[merged.files[count - 1] ?? 0], merged.places[count - 1] ?? 0);
      if (before === lineText(files[fileOf[index] ?? 0], placeOf[index] ?? 0)) duplicates.identical++;
      else duplicates.differing++;
      count--;
    }
    merged.times[count] = times[index] ?? 0;
    merged.files[count] = fileOf[index] ?? 0;
    merged.places[count] = placeOf[index] ?? 0;
    count++;
  }
  return { count, times: merged.times.subarray(0, count), files: merged.files, places: merged.places, duplicates };
}

/** Returns the text of a row of a file. */
export function lineText(file: ScannedFile | undefined, place: number): string {
  const start = file?.rows.offsets[place] ?? 0;
  const newline = file?.bytes.indexOf(10, start) ?? -1;
  return (file?.bytes.toString('latin1', start, newline < 0 ? file.bytes.length : newline) ?? '').trimEnd();
}

function isAscending(times: Float64Array): boolean {
  for (let index = 1; index < times.length; index++) {
    if ((times[index - 1] ?? 0) >= (times[index] ?? 0)) return false;
  }
  return true;
}
