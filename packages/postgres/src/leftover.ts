import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@candlecast/domain';
import { findCommandLine, findProcessStart, isProcessAlive } from './process-identity.ts';

const OWNER_FILE = 'candlecast.owner';
/** How long each way to stop a leftover server may take. */
const STOP_TIMEOUT_MS = 10_000;

/** Writes down which process started the server in `dataDir`, so that a later start can tell an orphan from a server in use. */
export function saveOwner(dataDir: string): void {
  writeFileSync(join(dataDir, OWNER_FILE), JSON.stringify({ pid: process.pid, start: findProcessStart(process.pid) }), { mode: 0o600 });
}

/**
 * Clears what a start that was killed left in `dataDir`: a server that still runs is stopped, a stale lock file is removed.
 * Throws `data_folder_in_use` when the process that started the server lives: then it is not a leftover.
 */
export async function clearLeftover(dataDir: string, log: (line: string) => void): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number.parseInt(readFileSync(lockFile, 'utf8'), 10);
  if (!isServerOf(pid, dataDir)) {
    // PostgreSQL itself takes any live process with this pid for a server and would refuse to start.
    rmSync(lockFile, { force: true });
    return;
  }
  const owner = findOwner(dataDir);
  if (owner && isProcessAlive(owner)) {
    throw new AppError('data_folder_in_use', `the database folder ${dataDir} is in use by process ${owner.pid}`);
  }
  log(`stopping the database server ${pid} that an earlier start left behind`);
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (await stopServer(pid, dataDir, signal)) break;
  }
  rmSync(lockFile, { force: true });
}

function isServerOf(pid: number, dataDir: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  const command = findCommandLine(pid) ?? '';
  return command.includes('postgres') && command.includes(dataDir);
}

function findOwner(dataDir: string): { pid: number; start: string } | undefined {
  const file = join(dataDir, OWNER_FILE);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { pid: number; start: string };
  } catch {
    // Killed while it was written: nobody owns the server.
    return undefined;
  }
}

async function stopServer(pid: number, dataDir: string, signal: NodeJS.Signals): Promise<boolean> {
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  process.kill(pid, signal);
  while (isServerOf(pid, dataDir) && findProcessStart(pid)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}
