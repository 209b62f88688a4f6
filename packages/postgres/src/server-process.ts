import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@candlecast/domain';
import pg from 'pg';
import { serverEnvironment } from './init-cluster.ts';
import type { RunUser } from './run-user.ts';
import { toStartFailure } from './start-failure.ts';

/** A running `postgres`. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves with the exit code (null after a signal) when the server ends, for whatever reason. */
  readonly exited: Promise<number | null>;
  /** Shuts down fast (open transactions are rolled back) and waits; harder after `timeoutMs`. */
  stop(timeoutMs?: number): Promise<void>;
}

/** After a crash PostgreSQL replays its log before it answers. */
const READY_TIMEOUT_MS = 300_000;

/**
 * Starts `postgres` and waits until it answers at `adminUrl`. The server ends when this process ends, however that happens.
 * Throws what `toStartFailure` makes of the log when the server ends first.
 */
export async function launchServer(options: {
  readonly program: string;
  readonly dataDir: string;
  readonly port: number;
  readonly adminUrl: string;
  readonly user: RunUser | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly logFile: string;
}): Promise<ServerProcess> {
  const { dataDir, port, user } = options;
  const logFd = openSync(options.logFile, 'a');
  const logStart = fstatSync(logFd).size;
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(options.program, ['-D', dataDir, '-p', `${port}`, ...settings], {
    ...user,
    cwd: '/',
    env: serverEnvironment(),
    // A group of its own: Ctrl-C in the terminal reaches us alone, and we stop the server last.
    detached: true,
    stdio: ['ignore', logFd, logFd],
  });
  closeSync(logFd);
  const exited = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('exit', resolve));
  exited.catch(() => undefined);
  const server = { pid: await pidOf(child, exited), exited, stop: (timeoutMs = 20_000) => stopServer(child, exited, timeoutMs) };
  const watcher = stopWithThisProcess(server.pid, user);
  void exited.then(() => watcher.kill('SIGKILL'));
  const outcome = await Promise.race([exited.then(() => 'ended'), waitUntilReady(options.adminUrl, exited)]);
  if (outcome === 'ready') return server;
  await server.stop();
  if (outcome === 'late') throw new AppError('database_start_failed', `PostgreSQL on ${dataDir} did not answer in ${READY_TIMEOUT_MS} ms`);
  throw toStartFailure(readFileSync(join(options.logFile)).subarray(logStart).toString('utf8'), { dataDir, port });
}

async function pidOf(child: ChildProcess, exited: Promise<unknown>): Promise<number> {
  if (child.pid === undefined) await exited;
  return child.pid ?? 0;
}

/**
 * A shell that waits for the end of its input, which is the end of this process, and then stops the server: PostgreSQL must not
 * outlive us, and a process killed with -9 cannot clean up after itself.
 */
function stopWithThisProcess(pid: number, user: RunUser | undefined): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1"', 'sh', `${pid}`], {
    ...user,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.unref();
  return watcher;
}

async function waitUntilReady(adminUrl: string, exited: Promise<unknown>): Promise<'ready' | 'late'> {
  let hasEnded = false;
  void exited.finally(() => {
    hasEnded = true;
  });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!hasEnded && performance.now() < deadline) {
    if (await answers(adminUrl)) return 'ready';
    await delay(25);
  }
  return 'late';
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return true;
  } catch (cause) {
    const code = (cause as { code?: string }).code ?? '';
    // Refused, reset, starting up, timed out: not yet. Anything else (a wrong password) would never change.
    if (['ECONNREFUSED', 'ECONNRESET', '57P03', ''].includes(code)) return false;
    throw cause;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function stopServer(child: ChildProcess, exited: Promise<unknown>, timeoutMs: number): Promise<void> {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGKILL'];
  for (const signal of signals) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await Promise.race([exited, delay(timeoutMs, undefined, { ref: false })]);
  }
  await exited;
}
