// Runs a command with DATABASE_URL set: the one of the settings, the embedded database of a Candlecast that runs, or one started for it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '@candlecast/domain';
import { applyMigrations, findRunningServer, type PostgresServer, startPostgres } from '@candlecast/postgres';
import { readLocalSettings } from '../config.ts';

if (existsSync('.env')) process.loadEnvFile('.env');

const note = (line: string) => console.error(line);
const isOptional = process.argv[2] === '--unless-files';
const [script, ...args] = process.argv.slice(isOptional ? 3 : 2);
let own: PostgresServer | undefined;

try {
  if (script === undefined) throw new AppError('config_invalid', 'name the command to run');
  const needsNone = args.some((arg) => arg === '--help' || arg === '-h') || (isOptional && args.some((arg) => existsSync(arg)));
  process.exitCode = await run(script, needsNone ? undefined : await findDatabase());
} catch (cause) {
  console.error(cause instanceof AppError ? cause.message : cause);
  process.exitCode = 1;
} finally {
  await own?.stop();
}

async function findDatabase(): Promise<string> {
  const settings = readLocalSettings(process.env);
  if (!settings.ok) throw settings.error;
  const { DATABASE_URL: url, CANDLECAST_DATA_DIR: folder, CANDLECAST_POSTGRES_PORT: port } = settings.value;
  if (url !== undefined) return url;
  const dataDir = join(resolve(folder), 'postgres');
  const running = await findRunningServer({ dataDir, port });
  if (running !== undefined) return running;
  own = await startPostgres({ dataDir, port, log: note });
  await applyMigrations(own.url, note);
  return own.url;
}

/** A signal from the terminal reaches the command by itself; we wait for it, so that the database outlives it. */
function run(path: string, databaseUrl: string | undefined): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
  const environment = databaseUrl === undefined ? process.env : { ...process.env, DATABASE_URL: databaseUrl };
  const child = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: 'inherit', env: environment });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
