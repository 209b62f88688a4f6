import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@candlecast/domain';

const SUM_PATTERN = /^([0-9a-f]{64})(?:\s|$)/i;

/** Returns the SHA-256 of a file's bytes, in hex. Throws `candle_file_unreadable`. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash).catch((cause: unknown) => {
    throw new AppError('candle_file_unreadable', `candle file "${path}" cannot be read`, { cause });
  });
  return hash.digest('hex');
}

/** Reads the text of a `.CHECKSUM` file (sha256sum's format); undefined when it is none. */
export function parseChecksum(text: string): string | undefined {
  return SUM_PATTERN.exec(text.trim())?.[1]?.toLowerCase();
}

/**
 * Compares a file with the `.CHECKSUM` file beside it and returns its SHA-256 and whether there was one. Throws `checksum_mismatch`, or
 * `checksum_unreadable` when what stands there is no checksum.
 */
export async function verifyFile(path: string): Promise<{ readonly sha256: string; readonly isVerified: boolean }> {
  const sha256 = await hashFile(path);
  const text = await readFile(`${path}.CHECKSUM`, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new AppError('checksum_unreadable', `"${path}.CHECKSUM" cannot be read`, { cause });
  });
  if (text === undefined) return { sha256, isVerified: false };
  const published = parseChecksum(text);
  if (published === undefined) throw new AppError('checksum_unreadable', `"${path}.CHECKSUM" holds no SHA-256`);
  if (published !== sha256) throw new AppError('checksum_mismatch', `"${path}" has the SHA-256 ${sha256}, published is ${published}`);
  return { sha256, isVerified: true };
}
