import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspaces.ts';
import type { TestFile } from './cover.ts';
import { listTestTitles } from './list-test-titles.ts';

const known = new Map<string, TestFile | undefined>();

/** Reads a test file under the root, with what stands beside it in `testing/` folders; undefined when there is none. Each is read once. */
export function readTestFile(path: string): TestFile | undefined {
  if (!known.has(path)) known.set(path, load(path));
  return known.get(path);
}

function load(path: string): TestFile | undefined {
  const file = join(ROOT, path);
  if (!/\.test\.tsx?$/.test(path) || !existsSync(file)) return undefined;
  const text = readFileSync(file, 'utf8');
  // Documents that several tests send stand in files of their own.
  const shared = [...text.matchAll(/from '(\.{1,2}\/(?:[\w-]+\/)*testing\/[\w-]+\.ts)'/g)].map(([, source = '']) =>
    readFileSync(join(file, '..', source), 'utf8'),
  );
  return { titles: listTestTitles(path, text), text: [text, ...shared].join('\n') };
}
