import { accessSync, constants, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@candlecast/domain';
import { findProcessStart, isProcessAlive } from '@candlecast/postgres';

/** A process of ours: pids are given away again, so the start belongs to it. */
interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  readonly start: string;
}

const SUPERVISOR = 'supervisor';
const STOP_TIMEOUT_MS = 8_000;

/** Writes down in `runDir` that `name` runs as process `pid`, for a later start to find. */
export function saveRunFile(runDir: string, name: string, pid: number): void {
  mkdirSync(runDir, { recursive: true });
  writeFileSync(join(runDir, `${name}.json`), JSON.stringify({ name, pid, start: findProcessStart(pid) }));
}

/** Forgets a process that has ended. */
export function removeRunFile(runDir: string, name: string): void {
  rmSync(join(runDir, `${name}.json`), { force: true });
}

/**
 * Takes `runDir` for this process, and stops what a start that was killed left running. Throws `already_running` when the process
 * that took it before still lives, and `data_folder_unusable` when it cannot be made.
 */
export async function claimRunDir(runDir: string, log: (line: string) => void): Promise<void> {
  makeFolder(runDir);
  const alive = listRunFiles(runDir).filter(isProcessAlive);
  const supervisor = alive.find(({ name }) => name === SUPERVISOR);
  if (supervisor) {
    throw new AppError('already_running', `Candlecast already runs with this data folder, as process ${supervisor.pid}`);
  }
  if (alive.length > 0) log(`stopping what an earlier start left running: ${alive.map(({ name, pid }) => `${name} (${pid})`).join(', ')}`);
  await Promise.all(alive.map(stopProcess));
  rmSync(runDir, { recursive: true, force: true });
  saveRunFile(runDir, SUPERVISOR, process.pid);
}

/** Gives `runDir` back. */
export function releaseRunDir(runDir: string): void {
  removeRunFile(runDir, SUPERVISOR);
}

/** Sends a signal to a process group; one that has ended already is no error. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}

async function stopProcess(running: RunningProcess): Promise<void> {
  signalGroup(running.pid, 'SIGTERM');
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  while (isProcessAlive(running) && performance.now() < deadline) await delay(50);
  signalGroup(running.pid, 'SIGKILL');
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new AppError('data_folder_unusable', `cannot write to the folder ${folder} (${code}): set CANDLECAST_DATA_DIR to another one`, {
      cause,
    });
  }
}

function listRunFiles(runDir: string): RunningProcess[] {
  return readdirSync(runDir).flatMap((file) => {
    try {
      return [JSON.parse(readFileSync(join(runDir, file), 'utf8')) as RunningProcess];
    } catch (cause) {
      // Half a file, from a start that was killed while it wrote it.
      if (cause instanceof SyntaxError) return [];
      throw cause;
    }
  });
}
