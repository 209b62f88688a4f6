import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Returns the folder of recorded market data: `TEST_DATA_DIR`, relative to the repository root, or `../shared/data` beside it. */
export function testDataDir(): string {
  return resolve(ROOT, process.env.TEST_DATA_DIR ?? '../shared/data');
}

/** Tells whether the recorded data is there; tests that need it are skipped with that reason when it is not. */
export function hasTestData(): boolean {
  return existsSync(testDataDir());
}
