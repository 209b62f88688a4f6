import { createServer } from 'node:net';
import { join } from 'node:path';
import { locateBinaries } from './binaries.ts';
import { inspectDataFolder } from './data-folder.ts';
import { placeBinaries, placeDataFolder, takeOver } from './folders.ts';
import { initCluster, loadPassword, SUPERUSER } from './init-cluster.ts';
import { clearLeftover, saveOwner } from './leftover.ts';
import { runStatement } from './run-statement.ts';
import { chooseRunUser } from './run-user.ts';
import { launchServer } from './server-process.ts';
import { portInUse } from './start-failure.ts';
import { isTimescaleFolder, markTimescaleFolder, TIMESCALE_SETTINGS, updateExtension } from './timescale/edition.ts';
import { placeTimescale } from './timescale/place-timescale.ts';

export interface StartPostgresOptions {
  /** Folder of the database itself; made at the first start. */
  readonly dataDir: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
  /** Takes one line for each thing that the user should know. */
  readonly log: (line: string) => void;
  /** File that the server's own log is appended to (default: `server.log` in the data folder). */
  readonly logFile?: string;
  /** False for a throwaway server: faster, and a crash of the machine loses the data (default true). */
  readonly isDurable?: boolean;
  /**
   * True for TimescaleDB's Apache edition beside it (Debian on amd64). A data folder that was opened with it once is always
   * (default false).
   */
  readonly hasTimescale?: boolean;
}

/** An embedded PostgreSQL that accepts connections. */
export interface PostgresServer {
  /** Address of the database `candlecast`, with the password. */
  readonly url: string;
  readonly pid: number;
  /** Where the data lies: `dataDir`, or the folder it was moved to because the server's user cannot reach that. */
  readonly dataDir: string;
  /** Whether TimescaleDB is loaded. */
  readonly hasTimescale: boolean;
  /** Resolves with the exit code (null after a signal) when the server ends, for whatever reason. */
  readonly exited: Promise<number | null>;
  /** Shuts the server down and waits for its end. */
  stop(): Promise<void>;
}

const DATABASE = 'candlecast';

/**
 * Starts the embedded PostgreSQL 17 on 127.0.0.1, makes its data folder and its database at first use, and clears what a killed
 * start left behind. Throws an AppError with one clear sentence: `data_folder_damaged`, `data_folder_version`,
 * `data_folder_in_use`, `data_folder_foreign`, `port_in_use`, `database_*`, `timescale_unavailable`.
 */
export async function startPostgres(options: StartPostgresOptions): Promise<PostgresServer> {
  const { port, log, isDurable = true } = options;
  const user = chooseRunUser(options.dataDir);
  const dataDir = placeDataFolder(options.dataDir, user, log);
  const hasTimescale = options.hasTimescale === true || isTimescaleFolder(dataDir);
  const binaries = hasTimescale ? await placeTimescale(locateBinaries(), user, log) : placeBinaries(locateBinaries(), user);
  const state = inspectDataFolder(dataDir);
  if (state === 'present') await clearLeftover(dataDir, log);
  await requireFreePort(port);
  if (state === 'missing') await initCluster(binaries, dataDir, user, isDurable);
  takeOver(dataDir, user);
  const adminUrl = `postgresql://${SUPERUSER}:${loadPassword(dataDir)}@127.0.0.1:${port}/postgres`;
  saveOwner(dataDir);
  if (hasTimescale) markTimescaleFolder(dataDir);
  const server = await launchServer({
    program: join(binaries.folder, 'bin', 'postgres'),
    dataDir,
    port,
    adminUrl,
    user,
    settings: { ...SETTINGS, ...(hasTimescale ? TIMESCALE_SETTINGS : {}), ...(isDurable ? {} : THROWAWAY_SETTINGS) },
    logFile: options.logFile ?? join(dataDir, 'server.log'),
  });
  await createDatabase(adminUrl);
  const url = adminUrl.replace(/postgres$/, DATABASE);
  if (hasTimescale) await updateExtension(url);
  return { ...server, url, dataDir, hasTimescale, stop: () => server.stop() };
}

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  // Compiling a query costs more than the short queries of this product take.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

const THROWAWAY_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '128MB' };

async function requireFreePort(port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (cause: NodeJS.ErrnoException) => reject(cause.code === 'EADDRINUSE' ? portInUse(port) : cause));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve()));
  });
}

async function createDatabase(adminUrl: string): Promise<void> {
  const found = await runStatement(adminUrl, 'select 1 from pg_database where datname = $1', [DATABASE]);
  if (found.length === 0) await runStatement(adminUrl, `create database ${DATABASE}`);
}
