import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

const MARK = 'candlecast.timescale';

/** What a server with TimescaleDB's Apache edition is started with: it has no background jobs, and nothing is sent anywhere. */
export const TIMESCALE_SETTINGS = {
  shared_preload_libraries: 'timescaledb',
  'timescaledb.max_background_workers': '0',
  'timescaledb.telemetry_level': 'off',
  max_locks_per_transaction: '256',
};

/** Tells whether a data folder has been opened with TimescaleDB: without it, its database cannot be read. */
export function isTimescaleFolder(dataDir: string): boolean {
  return existsSync(join(dataDir, MARK));
}

/** Records that a data folder is opened with TimescaleDB, from now on for every start. */
export function markTimescaleFolder(dataDir: string): void {
  writeFileSync(join(dataDir, MARK), '');
}

/** Brings the extension of a database to the version of the libraries. No-op without the extension. */
export async function updateExtension(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    // The first statement of its session: any other would load the library of the version that is installed, which may be gone.
    await client.query('alter extension timescaledb update');
  } catch (cause) {
    const UNDEFINED_OBJECT = '42704';
    if (!(cause instanceof pg.DatabaseError && cause.code === UNDEFINED_OBJECT)) throw cause;
  } finally {
    await client.end();
  }
}
