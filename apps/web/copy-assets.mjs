// Puts what the standalone server does not bring by itself beside it, so that `.next/standalone` is the whole app.
import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const standalone = join(import.meta.dirname, '.next/standalone/apps/web');

for (const folder of ['.next/static', 'public']) {
  const source = join(import.meta.dirname, folder);
  if (existsSync(source)) cpSync(source, join(standalone, folder), { recursive: true });
}
