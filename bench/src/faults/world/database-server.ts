import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '@candlecast/domain';
import { applyMigrations, type PostgresServer, runStatement, startPostgres } from '@candlecast/postgres';
import { findLastingPort } from './lasting-port.ts';

/** How a server is made to end: by SIGINT, SIGQUIT or SIGKILL to the postmaster alone. */
export type EndHow = 'fast' | 'immediate' | 'kill';

/** A real PostgreSQL with durable settings that is stopped, killed and held up at will. */
export interface DatabaseServer {
  readonly port: number;
  /** Address of a database on the server. */
  urlOf(database: string): string;
  /** Makes a fresh migrated database. */
  createDatabase(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** Ends the server; returns how many of its processes there were. */
  end(how: EndHow): Promise<number>;
  /** Starts it again, as often as it takes (a disk that is full, a postmaster whose children still end). */
  start(): Promise<void>;
  /** True while the postmaster runs. */
  readonly isRunning: boolean;
  /** Stops all its processes (SIGSTOP) and returns how many. */
  freeze(): number;
  thaw(): void;
  /** The end of the server's own log. */
  logTail(lines: number): string[];
  stop(): Promise<void>;
}

const TEMPLATE = 'faults_template';
const SIGNAL_OF = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
const START_TIMEOUT_MS = 60_000;

/** Starts a server in `folder` and migrates the database that all others are copied from. */
export async function startDatabaseServer(folder: string): Promise<DatabaseServer> {
  const port = await findLastingPort();
  const logFile = join(folder, 'postgres.log');
  const start = () => startPostgres({ dataDir: join(folder, 'postgres'), port, log: () => undefined, logFile });
  let server: PostgresServer = await start();
  let frozen: number[] = [];
  let isRunning = true;
  watch();

  function watch(): void {
    const watched = server;
    isRunning = true;
    void watched.exited.then(() => {
      if (watched === server) isRunning = false;
    });
  }

  const urlOf = (database: string) => {
    const url = new URL(server.url);
    url.pathname = `/${database}`;
    return url.href;
  };
  await runStatement(server.url, `create database ${TEMPLATE}`);
  await applyMigrations(urlOf(TEMPLATE), () => undefined);

  return {
    port,
    urlOf,
    get isRunning() {
      return isRunning;
    },
    async createDatabase(name) {
      await runStatement(server.url, `create database ${name} template ${TEMPLATE}`);
    },
    async dropDatabase(name) {
      await runStatement(server.url, `drop database if exists ${name} with (force)`);
    },
    async end(how) {
      const count = processesOf(server.pid).length;
      if (isRunning) process.kill(server.pid, SIGNAL_OF[how]);
      await server.exited;
      return count;
    },
    async start() {
      const deadline = performance.now() + START_TIMEOUT_MS;
      for (;;) {
        try {
          server = await start();
          watch();
          return;
        } catch (cause) {
          if (!(cause instanceof AppError) || performance.now() > deadline) throw cause;
          await delay(100);
        }
      }
    },
    freeze() {
      // Twice: a process that was being forked meanwhile is among the second.
      for (let round = 0; round < 2; round += 1) {
        const running = processesOf(server.pid).filter((pid) => !frozen.includes(pid));
        for (const pid of running) signal(pid, 'SIGSTOP');
        frozen = [...frozen, ...running];
      }
      return frozen.length;
    },
    thaw() {
      for (const pid of frozen) signal(pid, 'SIGCONT');
      frozen = [];
    },
    logTail: (lines) => (existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines) : []),
    async stop() {
      for (const pid of frozen) signal(pid, 'SIGCONT');
      await server.stop();
    },
  };
}

/** The postmaster and its children, which have sessions of their own. */
function processesOf(postmaster: number): number[] {
  const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === postmaster);
  return [postmaster, ...children.map((name) => Number.parseInt(name, 10))];
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number.parseInt(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? '', 10);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause;
  }
}
