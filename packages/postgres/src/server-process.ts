import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@candlecast/domain';
import pg from 'pg';
import { damaged } from './data-folder.ts';
import { endWithThisProcess } from './end-with-this-process.ts';
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
  mkdirSync(dirname(options.logFile), { recursive: true });
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
  void exited.then(endWithThisProcess(server.pid, 'INT', user));
  const outcome = await Promise.race([exited.then(() => 'ended' as const), waitUntilReady(options.adminUrl, exited)]);
  if (outcome === 'ready') return server;
  await server.stop();
  if (outcome === 'ended') throw toStartFailure(readFileSync(options.logFile).subarray(logStart).toString('utf8'), { dataDir, port });
  // It runs but turns its owner away: the database or the password that the first start made is gone.
  if (outcome instanceof Error) throw damaged(dataDir, outcome.message);
  throw new AppError('database_start_failed', `PostgreSQL on ${dataDir} did not answer within ${READY_TIMEOUT_MS} ms`);
}

async function pidOf(child: ChildProcess, exited: Promise<unknown>): Promise<number> {
  if (child.pid === undefined) await exited;
  return child.pid ?? 0;
}

async function waitUntilReady(adminUrl: string, exited: Promise<unknown>): Promise<'ready' | 'late' | Error> {
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
  });
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (!hasEnded && performance.now() < deadline) {
    const outcome = await tryToConnect(adminUrl);
    if (outcome !== 'not yet') return outcome;
    await delay(50);
  }
  return 'late';
}

async function tryToConnect(url: string): Promise<'ready' | 'not yet' | Error> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    return 'ready';
  } catch (cause) {
    // "Starting up" (57P03) and everything below PostgreSQL's protocol (refused, reset, timed out) pass with time.
    return cause instanceof pg.DatabaseError && cause.code !== '57P03' ? cause : 'not yet';
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
