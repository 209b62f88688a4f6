import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Binaries } from '../binaries.ts';
import { openSharedFolder } from '../folders.ts';
import type { RunUser } from '../run-user.ts';
import { describeMachine, requireDebian, unpackDebianPackages } from './debian-packages.ts';

/** The Debian whose TimescaleDB is built for PostgreSQL 17, and what of it is needed: its library asks for this C library alone. */
const SUITE = 'trixie';
const PACKAGES = ['libc6', 'postgresql-17-timescaledb'];
const PROGRAMS = ['postgres', 'initdb', 'pg_ctl'];

/**
 * Returns the PostgreSQL of `binaries` with TimescaleDB's Apache edition, as Debian packages it, added: made at first use in the
 * user's cache folder (for root in `/var/lib/candlecast`) and kept there. Throws `timescale_unavailable`.
 */
export async function placeTimescale(binaries: Binaries, user: RunUser | undefined, log: (line: string) => void): Promise<Binaries> {
  const parent = user ? openSharedFolder(user) : join(homedir(), '.cache', 'candlecast');
  const folder = join(parent, `postgresql-${binaries.version}-timescaledb-${process.arch}`);
  if (!existsSync(folder)) {
    requireDebian(describeMachine());
    log(`fetching Debian's TimescaleDB into ${folder}, once`);
    const unfinished = `${folder}.${process.pid}`;
    try {
      await build(binaries.folder, unfinished);
      // Another start may have been faster; then its copy is as good.
      if (!existsSync(folder)) renameSync(unfinished, folder);
    } finally {
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
  return { folder, version: binaries.version };
}

async function build(native: string, folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  const debian = join(folder, 'debian');
  await unpackDebianPackages(PACKAGES, SUITE, debian);
  cpSync(native, folder, { recursive: true, verbatimSymlinks: true });
  cpSync(join(debian, 'usr/lib/x86_64-linux-gnu'), join(folder, 'glibc'), { recursive: true, verbatimSymlinks: true });
  copyTimescale(join(debian, 'usr/lib/postgresql/17/lib'), join(folder, 'lib/postgresql'));
  copyTimescale(join(debian, 'usr/share/postgresql/17/extension'), join(folder, 'share/postgresql/extension'));
  for (const program of PROGRAMS) wrap(join(folder, 'bin', program));
  rmSync(debian, { recursive: true });
}

function copyTimescale(from: string, to: string): void {
  for (const file of readdirSync(from).filter((name) => name.startsWith('timescaledb'))) cpSync(join(from, file), join(to, file));
}

/**
 * Makes a program run under the newer C library that TimescaleDB asks for. Its loader is called by name: LD_LIBRARY_PATH would
 * also reach /bin/sh, which initdb runs and which needs the system's own C library.
 */
function wrap(program: string): void {
  renameSync(program, `${program}.real`);
  writeFileSync(
    program,
    `#!/bin/sh
root="\${0%/bin/*}"
exec "$root/glibc/ld-linux-x86-64.so.2" --argv0 "$0" --library-path "$root/glibc:$root/lib" "$0.real" "$@"
`,
  );
  chmodSync(program, 0o755);
}
