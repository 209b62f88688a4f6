import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@candlecast/domain';
import type { Binaries } from './binaries.ts';
import { damaged } from './data-folder.ts';
import type { RunUser } from './run-user.ts';

/** The owner of everything in an embedded database. */
export const SUPERUSER = 'candlecast';
const PASSWORD_FILE = 'candlecast.password';

/**
 * Makes a data folder with a random password, which is kept in it. It is built beside its place and then renamed,
 * so that a start that was killed halfway leaves nothing that looks like a database.
 */
export async function initCluster(binaries: Binaries, dataDir: string, user: RunUser | undefined, isDurable: boolean): Promise<void> {
  const workshop = `${dataDir}.new`;
  const cluster = join(workshop, 'cluster');
  const password = join(workshop, 'password');
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(workshop, { recursive: true, mode: 0o700 });
  writeFileSync(password, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (user) for (const path of [workshop, password]) chownSync(path, user.uid, user.gid);
  await runInitdb(join(binaries.folder, 'bin', 'initdb'), user, [
    ...['--pgdata', cluster, '--username', SUPERUSER, '--auth', 'scram-sha-256', '--pwfile', password],
    // PostgreSQL's own C.UTF-8: the same order and letters on every system, whatever locales it has.
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ...(isDurable ? [] : ['--no-sync']),
  ]);
  renameSync(password, join(cluster, PASSWORD_FILE));
  renameSync(cluster, dataDir);
  rmSync(workshop, { recursive: true });
}

/** Reads the password of a data folder made by `initCluster`. Throws `data_folder_damaged` without it. */
export function loadPassword(dataDir: string): string {
  try {
    return readFileSync(join(dataDir, PASSWORD_FILE), 'utf8');
  } catch {
    throw damaged(dataDir, `its file ${PASSWORD_FILE} is missing`);
  }
}

async function runInitdb(program: string, user: RunUser | undefined, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { ...user, cwd: '/', env: serverEnvironment(), stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new AppError('database_init_failed', `initdb failed with code ${code}: ${complaint.trim()}`);
}

/** The environment of PostgreSQL's programs: English messages, UTC, nothing of ours. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}
