import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

/** A workspace of the repository: its short name (without scope), folder, and the workspaces that its manifest names. */
export interface Workspace {
  readonly name: string;
  readonly folder: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

const SCOPE = '@candlecast/';

/** Returns the paths of all files that git tracks or would track, relative to the root, that match `pattern`. */
export function listFiles(pattern: RegExp): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: ROOT, encoding: 'utf8' });
  const deleted = new Set(execFileSync('git', ['ls-files', '--deleted', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0'));
  return listed.split('\0').filter((path) => pattern.test(path) && !deleted.has(path));
}

/** Returns the text of a file under the root. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Returns every workspace, by its manifest. */
export function listWorkspaces(): Workspace[] {
  return listFiles(/^((packages|apps)\/[^/]+|bench|e2e)\/package\.json$/).map((path) => {
    const manifest = JSON.parse(readText(path)) as { name: string; dependencies?: object; devDependencies?: object };
    const ours = (section: object | undefined) =>
      Object.keys(section ?? {})
        .filter((name) => name.startsWith(SCOPE))
        .map((name) => name.slice(SCOPE.length));
    return {
      name: manifest.name.slice(SCOPE.length),
      folder: path.slice(0, -'/package.json'.length),
      dependencies: ours(manifest.dependencies),
      devDependencies: ours(manifest.devDependencies),
    };
  });
}
