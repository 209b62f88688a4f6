import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@candlecast/domain';
import { type ArtifactStore, CARD_FILE, checkBytes, checkPath, LARGEST_BYTES, toCardFile, toModelPath } from './artifact-store.ts';

/** Opens the store in the folder `dataDir`, which is made when it is missing. */
export function createDiskArtifactStore(dataDir: string): ArtifactStore {
  return {
    async write(folder, file, card, name = 'model.onnx') {
      const path = toModelPath(folder, name);
      // Written beside its place and moved there whole: a reader finds all of it or nothing.
      const draft = join(dataDir, 'models', `.draft-${randomUUID()}`);
      const place = dirname(join(dataDir, path));
      await mkdir(draft, { recursive: true });
      await writeThrough(join(draft, name), file);
      await writeThrough(join(draft, CARD_FILE), toCardFile(card));
      await rm(place, { recursive: true, force: true });
      await rename(draft, place);
      return path;
    },
    async load(path, sha256) {
      checkPath(path);
      return checkBytes(path, await readAtMost(join(dataDir, path), LARGEST_BYTES), sha256);
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
