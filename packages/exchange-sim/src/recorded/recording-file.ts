import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { AppError } from '@candlecast/domain';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';

/** A file of the recording's folder: one that is replayed, or one that is not, and why. */
export type RecordingFile =
  | { readonly kind: 'replayed'; readonly name: string; readonly path: string; readonly symbol: string }
  | { readonly kind: 'ignored'; readonly name: string; readonly reason: string };

const NAME = /^([^-]+)-(\w+)-.+\.(csv|csv\.gz|zip)$/;

/** Lists a recording's folder by name: files `SYMBOL-1m-*` of type csv, csv.gz or zip are replayed. Throws when there is none. */
export async function listRecording(dir: string): Promise<RecordingFile[]> {
  const names = await readdir(dir).catch((cause: unknown) => {
    throw new AppError('recording_unreadable', `folder "${dir}" with the recording cannot be read`, { cause });
  });
  const files = names.sort().map((name): RecordingFile => {
    const [, symbol, interval] = NAME.exec(name) ?? [];
    if (symbol === undefined || interval === undefined)
      return { kind: 'ignored', name, reason: 'not named SYMBOL-1m-*.csv, .csv.gz or .zip' };
    if (interval !== '1m') return { kind: 'ignored', name, reason: `interval ${interval} is not 1m` };
    return { kind: 'replayed', name, path: join(dir, name), symbol };
  });
  if (!files.some((file) => file.kind === 'replayed')) {
    throw new AppError('recording_empty', `folder "${dir}" holds no file named SYMBOL-1m-*.csv, .csv.gz or .zip`);
  }
  return files;
}

/** Returns the whole CSV of a file, unpacked. */
export async function loadRecordingBytes(path: string): Promise<Buffer> {
  try {
    const packed = await readFile(path);
    if (path.endsWith('.gz')) return await promisify(gunzip)(packed);
    return path.endsWith('.zip') ? await unzipOnly(packed) : packed;
  } catch (cause) {
    throw new AppError('recording_unreadable', `recording "${path}" is damaged or cannot be read`, { cause });
  }
}

async function unzipOnly(packed: Buffer): Promise<Buffer> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(packed, { lazyEntries: true }, (error, file) => (error ? reject(error) : resolve(file)));
  });
  const entry = await new Promise<Entry>((resolve, reject) => {
    zip.on('entry', (found: Entry) => (found.fileName.endsWith('.csv') ? resolve(found) : zip.readEntry()));
    zip.once('end', () => reject(new RangeError('the zip holds no csv file')));
    zip.once('error', reject);
    zip.readEntry();
  });
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, readable) => (error ? reject(error) : resolve(readable)));
  });
  return buffer(stream);
}
