import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@candlecast/domain';

/** Keeps model files. A path is relative to the data folder, so that the folder can be moved. */
export interface ArtifactStore {
  /** Stores `models/<folder>/model.onnx` and `card.json` beside it, both or neither, and returns the path of the model. */
  write(folder: string, onnx: Uint8Array, card: unknown): Promise<string>;
  /**
   * Reads a model file. Throws `artifact_missing` when it is not there and `artifact_damaged` when its SHA-256 is not `sha256`, it is
   * larger than any model of ours, or the path is not one that `write` returns.
   */
  load(path: string, sha256: string): Promise<Uint8Array>;
}

const MODEL_FILE = 'model.onnx';
const CARD_FILE = 'card.json';
const PATH = /^models\/[a-z0-9-]{1,120}\/model\.onnx$/;
const LARGEST_BYTES = 64 * 1024 * 1024;

/** Returns the SHA-256 of the bytes, in hexadecimal. */
export function toSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Opens the store in the folder `dataDir`, which is made when it is missing. */
export function createArtifactStore(dataDir: string): ArtifactStore {
  return {
    async write(folder, onnx, card) {
      const path = `models/${folder}/${MODEL_FILE}`;
      if (!PATH.test(path)) throw new AppError('artifact_path_invalid', `"${path}" is not a path for a model`);
      // Written beside its place and moved there whole: a reader finds all of it or nothing.
      const draft = join(dataDir, 'models', `.draft-${randomUUID()}`);
      const place = join(dataDir, 'models', folder);
      await mkdir(draft, { recursive: true });
      await writeThrough(join(draft, MODEL_FILE), onnx);
      await writeThrough(join(draft, CARD_FILE), Buffer.from(`${JSON.stringify(card, null, 2)}\n`));
      await rm(place, { recursive: true, force: true });
      await rename(draft, place);
      return path;
    },
    async load(path, sha256) {
      if (!PATH.test(path)) throw new AppError('artifact_damaged', `"${path}" is not a path of a model`);
      const bytes = await readAtMost(join(dataDir, path), LARGEST_BYTES);
      if (toSha256(bytes) !== sha256) throw new AppError('artifact_damaged', `"${path}" is not the file that was registered`);
      return bytes;
    },
  };
}

async function writeThrough(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readAtMost(path: string, sizeBytes: number): Promise<Uint8Array> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new AppError('artifact_missing', `"${path}" is not there`, { cause });
  });
  if (found.size > sizeBytes) throw new AppError('artifact_damaged', `"${path}" has more than ${sizeBytes} bytes`);
  return readFile(path);
}
