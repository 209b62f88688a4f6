import { createHash } from 'node:crypto';
import { AppError } from '@candlecast/domain';

/** Keeps model files, on disk or in an object store. A path is relative to the store, so that the store can be moved. */
export interface ArtifactStore {
  /** Stores `models/<folder>/<name>` (an ONNX file unless said) and `card.json` beside it and returns the path of the model; a reader finds the model whole or not at all. */
  write(folder: string, file: Uint8Array, card: unknown, name?: ModelFileName): Promise<string>;
  /**
   * Reads a model file. Throws `artifact_missing` when it is not there and `artifact_damaged` when its SHA-256 is not `sha256`, it is
   * larger than any model of ours, or the path is not one that `write` returns.
   */
  load(path: string, sha256: string): Promise<Uint8Array>;
}

/** A network is an ONNX file; what is a table of numbers is JSON. */
export type ModelFileName = 'model.onnx' | 'model.json';

export const CARD_FILE = 'card.json';
export const LARGEST_BYTES = 64 * 1024 * 1024;

const PATH = /^models\/[a-z0-9-]{1,120}\/model\.(onnx|json)$/;

/** Returns the SHA-256 of the bytes, in hexadecimal. */
export function toSha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Returns the path of a model in `folder`; throws `artifact_path_invalid` for a name that could not be read back. */
export function toModelPath(folder: string, name: ModelFileName): string {
  const path = `models/${folder}/${name}`;
  if (!PATH.test(path)) throw new AppError('artifact_path_invalid', `"${path}" is not a path for a model`);
  return path;
}

/** Throws `artifact_damaged` for a path that `toModelPath` does not make: a path from a table never leads out of the store. */
export function checkPath(path: string): void {
  if (!PATH.test(path)) throw new AppError('artifact_damaged', `"${path}" is not a path of a model`);
}

/** Returns `bytes` if they are what was registered; throws `artifact_damaged`. */
export function checkBytes(path: string, bytes: Uint8Array, sha256: string): Uint8Array {
  if (toSha256(bytes) !== sha256) throw new AppError('artifact_damaged', `"${path}" is not the file that was registered`);
  return bytes;
}

/** Returns a model card as it is stored. */
export function toCardFile(card: unknown): Uint8Array {
  return Buffer.from(`${JSON.stringify(card, null, 2)}\n`);
}
