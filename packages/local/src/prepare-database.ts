import { join } from 'node:path';
import { AppError } from '@candlecast/domain';
import { runStatement, upgradeDatabase } from '@candlecast/postgres';
import type { LocalSettings } from './config.ts';
import { type KeptPostgres, keepPostgres } from './keep-postgres.ts';
import type { LocalEvent } from './local-event.ts';
import type { StepResult } from './run-steps.ts';

/** The database to use: the embedded one, or a server that the settings name. */
export interface PreparedDatabase {
  readonly url: string;
  /** The embedded server; undefined for a server that is not ours to stop. */
  readonly embedded: KeptPostgres | undefined;
}

/** Connects to the database that `DATABASE_URL` names, or starts the embedded one. Throws an AppError with one clear sentence. */
export async function prepareDatabase(
  settings: LocalSettings,
  options: { readonly dataDir: string; readonly logsDir: string; readonly hasTimescale: boolean },
  onEvent: (event: LocalEvent) => void,
): Promise<StepResult<PreparedDatabase>> {
  if (settings.DATABASE_URL !== undefined) {
    if (options.hasTimescale) throw new AppError('config_invalid', '--timescale is for the embedded database: unset DATABASE_URL');
    const address = await checkServer(settings.DATABASE_URL);
    return [{ url: settings.DATABASE_URL, embedded: undefined }, address];
  }
  const note = (text: string) => onEvent({ type: 'note', text });
  const embedded = await keepPostgres(
    {
      dataDir: join(options.dataDir, 'postgres'),
      port: settings.CANDLECAST_POSTGRES_PORT,
      logFile: join(options.logsDir, 'postgres.log'),
      log: note,
      hasTimescale: options.hasTimescale,
    },
    onEvent,
  );
  const edition = embedded.hasTimescale ? " with TimescaleDB's Apache edition" : '';
  return [{ url: embedded.url, embedded }, `PostgreSQL 17${edition} in ${embedded.dataDir}`];
}

/** Moves an embedded database that was made before its server had TimescaleDB. Returns what to tell about it. */
export async function upgradeEmbedded(embedded: KeptPostgres, note: (text: string) => void): Promise<StepResult<boolean>> {
  const isMoved = embedded.hasTimescale && (await upgradeDatabase(embedded.url, note));
  return [isMoved, isMoved ? 'moved to TimescaleDB' : 'as it is'];
}

/** Returns the address without user and password. */
async function checkServer(url: string): Promise<string> {
  const address = URL.canParse(url) ? `${new URL(url).host}${new URL(url).pathname}` : undefined;
  if (!address) throw new AppError('config_invalid', 'DATABASE_URL is not an address: postgresql://user:password@host:port/database');
  try {
    await runStatement(url, 'select 1');
    return address;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : String(cause);
    throw new AppError('database_unreachable', `the database at ${address} cannot be used (${reason}): check DATABASE_URL`, { cause });
  }
}
