import { createReadStream } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '@candlecast/domain';
import { type Entry, open, type ZipFile } from 'yauzl';

/** Opens a `.csv`, `.csv.gz` or `.zip` file as a stream of the CSV's bytes. A zip must hold exactly one `.csv`. */
export async function openCandleFile(path: string): Promise<Readable> {
  if (path.endsWith('.zip')) return openZip(path);
  const bytes = createReadStream(path);
  if (!path.endsWith('.gz')) return bytes;
  // The error of either stream reaches whoever reads the returned one.
  return pipeline(bytes, createGunzip(), () => undefined);
}

async function openZip(path: string): Promise<Readable> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    open(path, { lazyEntries: true, autoClose: false }, (error, file) => (error ? reject(error) : resolve(file)));
  });
  try {
    const entries = (await listEntries(zip)).filter((entry) => entry.fileName.endsWith('.csv'));
    const [entry] = entries;
    if (!entry || entries.length > 1) {
      throw new AppError('candle_file_unreadable', `zip "${path}" holds ${entries.length} csv files instead of one`);
    }
    const stream = await new Promise<Readable>((resolve, reject) => {
      zip.openReadStream(entry, (error, readable) => (error ? reject(error) : resolve(readable)));
    });
    return stream.once('close', () => zip.close());
  } catch (error) {
    zip.close();
    throw error;
  }
}

function listEntries(zip: ZipFile): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.once('end', () => resolve(entries));
    zip.once('error', reject);
    zip.readEntry();
  });
}
