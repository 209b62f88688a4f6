import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '@candlecast/domain';
import { type Binaries, copyBinaries } from './binaries.ts';
import { canEnter, canRun, type RunUser } from './run-user.ts';

/** Folders of root that survive a restart of the machine and that every user may enter. */
const SHARED_FOLDERS = ['/var/lib/candlecast', '/var/tmp/candlecast'];

/**
 * Returns where the data folder really lies: `dataDir` (its parent is made), or a folder of the same name for every start under
 * `/var/lib/candlecast` when `user` cannot reach it (a checkout below a folder that only root may enter). Says so through `log`.
 */
export function placeDataFolder(dataDir: string, user: RunUser | undefined, log: (line: string) => void): string {
  const parent = dirname(resolve(dataDir));
  mkdirSync(parent, { recursive: true });
  const wanted = join(realpathSync(parent), basename(dataDir));
  if (canEnter(dirname(wanted), user)) return wanted;
  const id = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const folder = join(openSharedFolder(user), id, basename(dataDir));
  mkdirSync(dirname(folder), { recursive: true, mode: 0o755 });
  log(`the database lies in ${folder}: PostgreSQL does not run as root, and its user cannot enter ${dirname(wanted)}`);
  return folder;
}

/** Returns binaries that `user` can run: these, or a copy made once under `/var/lib/candlecast`. */
export function placeBinaries(binaries: Binaries, user: RunUser | undefined): Binaries {
  if (canRun(join(binaries.folder, 'bin', 'postgres'), user)) return binaries;
  const copy = copyBinaries(binaries, openSharedFolder(user));
  if (canRun(join(copy.folder, 'bin', 'postgres'), user)) return copy;
  throw new AppError('database_not_runnable', `user ${user?.uid} cannot run the PostgreSQL in ${copy.folder}`);
}

/** Gives a data folder that root owns (restored from a copy, say) to `user`, with the rights that PostgreSQL asks for. */
export function takeOver(folder: string, user: RunUser | undefined): void {
  if (!user || !existsSync(folder) || statSync(folder).uid !== 0) return;
  chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { recursive: true })) chownSync(join(folder, `${entry}`), user.uid, user.gid);
}

/** Opens the folder of root's that every user may enter. Throws `database_folder_unreachable`. */
export function openSharedFolder(user: RunUser | undefined): string {
  for (const folder of SHARED_FOLDERS) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
    } catch (cause) {
      // A read-only system: try the next one.
      if (['EROFS', 'EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')) continue;
      throw cause;
    }
    // Anybody may make a folder in /var/tmp: one that is not root's is not trusted.
    if (statSync(folder).uid === 0 && canEnter(folder, user)) return folder;
  }
  throw new AppError('database_folder_unreachable', `no folder that user ${user?.uid} can enter: tried ${SHARED_FOLDERS.join(' and ')}`);
}
