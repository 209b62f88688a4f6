import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { AppError } from '@candlecast/domain';

/** The user that the server runs as. */
export interface RunUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Chooses whom to run PostgreSQL as, which refuses to run as root: undefined (ourselves) unless we are root; else the owner
 * of an existing data folder, else the user `postgres`, else `nobody`. Throws `database_user_missing` when there is none.
 */
export function chooseRunUser(dataDir: string): RunUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const users = readFileSync('/etc/passwd', 'utf8');
  const user = findUser(users, 'postgres') ?? findUser(users, 'nobody');
  if (!user) {
    throw new AppError(
      'database_user_missing',
      'PostgreSQL refuses to run as root, and there is no user "postgres" or "nobody" to run it as; start as another user',
    );
  }
  return user;
}

/** Finds a user by name in the text of `/etc/passwd`; root under another name is not taken. */
export function findUser(passwd: string, name: string): RunUser | undefined {
  for (const line of passwd.split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name && uid && gid && uid !== '0') return { uid: Number.parseInt(uid, 10), gid: Number.parseInt(gid, 10) };
  }
  return undefined;
}

/** Tells whether `user` may enter `folder`; asked of the system itself, which also knows access lists and mounts. */
export function canEnter(folder: string, user: RunUser | undefined): boolean {
  return !user || spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

/** Tells whether `user` can run `program`, its shared libraries included. */
export function canRun(program: string, user: RunUser | undefined): boolean {
  return !user || spawnSync(program, ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}
