import { readFileSync } from 'node:fs';
import { toSha256 } from './registry/artifact-store.ts';

/**
 * Returns which program runs: "forecaster", then the first 16 digits of the SHA-256 of `entry`. A built app is that one file and its
 * chunks' names hold their contents' hashes; run from its sources it is the entry alone.
 */
export function loadCodeVersion(entry: URL): string {
  return `forecaster ${toSha256(readFileSync(entry)).slice(0, 16)}`;
}
