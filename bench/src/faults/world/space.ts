import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProcessStart, isProcessAlive } from '@candlecast/postgres';

/** Where a database lies during a run. */
export interface Space {
  readonly folder: string;
  /** Why it cannot be filled up, or undefined when it can. */
  readonly unlimitedBecause: string | undefined;
  /** Takes all of it but `leaveBytes`. */
  fill(leaveBytes: number): void;
  /** Gives back what `fill` took. */
  free(): void;
  remove(): void;
}

const PREFIX = 'candlecast-faults-';
/** Beside the folder, not in it: what is mounted there is not seen from another namespace. */
const OWNER = '.owner.json';
const SIZE = '1536m';

/**
 * Makes a folder on a file system of its own and of limited size, where this process may mount one; else a temporary folder. Also
 * clears what killed runs have left.
 */
export function makeSpace(isLimited: boolean): Space {
  clearLeftovers();
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  const mounted = isLimited ? mount(folder) : 'no file system of limited size was asked for';
  // As root the database runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711);
  writeFileSync(folder + OWNER, JSON.stringify({ pid: process.pid, start: findProcessStart(process.pid) }));
  const ballast = join(folder, 'ballast');
  return {
    folder,
    unlimitedBecause: mounted,
    fill: (leaveBytes) => writeBallast(folder, ballast, leaveBytes),
    free: () => rmSync(ballast, { force: true }),
    remove() {
      if (mounted === undefined) spawnSync('umount', ['-l', folder]);
      rmSync(folder, { recursive: true, force: true });
      rmSync(folder + OWNER, { force: true });
    },
  };
}

function mount(folder: string): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root may mount a file system of limited size';
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=711`, 'candlecast-faults', folder], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `a file system of limited size could not be mounted: ${error?.message ?? stderr.trim()}`;
}

function writeBallast(folder: string, path: string, leaveBytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const block = Buffer.alloc(1 << 20);
  const file = openSync(path, 'w');
  try {
    for (let left = bavail * bsize - leaveBytes; left > 0; left -= block.length) {
      writeSync(file, block, 0, Math.min(left, block.length));
    }
    fsyncSync(file);
  } catch (cause) {
    // Somebody else took the last of it meanwhile: it is full all the same.
    if ((cause as NodeJS.ErrnoException).code !== 'ENOSPC') throw cause;
  } finally {
    closeSync(file);
  }
}

function clearLeftovers(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX) && entry.endsWith(OWNER))) {
    const note = join(tmpdir(), name);
    const folder = note.slice(0, -OWNER.length);
    if (isProcessAlive(JSON.parse(readFileSync(note, 'utf8')) as { pid: number; start: string })) continue;
    spawnSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
    rmSync(note, { force: true });
  }
}
