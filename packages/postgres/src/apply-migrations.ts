import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@candlecast/domain';
import pg from 'pg';

/** The repository's own migrations. */
const MIGRATIONS_DIR = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url));
/** The advisory lock that the Prisma CLI takes, too. */
const PRISMA_LOCK = 72_707_369;

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

interface HistoryRow {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
  readonly rolled_back_at: Date | null;
}

/**
 * Applies the migrations in `dir` that the database at `url` lacks, oldest first, and returns how many. It leaves the history that
 * `prisma migrate deploy` leaves, so that the Prisma CLI goes on from there. Each migration is one transaction.
 * Throws `migration_failed`, also for one that the Prisma CLI left unfinished.
 */
export async function applyMigrations(url: string, log: (line: string) => void, dir: string = MIGRATIONS_DIR): Promise<number> {
  const client = new pg.Client({ connectionString: url, options: '-c TimeZone=UTC' });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(CREATE_HISTORY);
    const pending = planMigrations(loadMigrations(dir), await loadHistory(client), log);
    for (const migration of pending) await applyMigration(client, migration);
    // A table may have come after the rights on it were written down.
    if (pending.length > 0) await client.query(APPLY_RIGHTS);
    return pending.length;
  } finally {
    // Ends the session and with it the lock.
    await client.end();
  }
}

const APPLY_RIGHTS = `do $$ begin if to_regprocedure('apply_rights()') is not null then perform apply_rights(); end if; end $$`;

const CREATE_HISTORY = `
  create table if not exists _prisma_migrations (
    id varchar(36) primary key not null,
    checksum varchar(64) not null,
    finished_at timestamptz,
    migration_name varchar(255) not null,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz not null default now(),
    applied_steps_count integer not null default 0
  )`;

function loadMigrations(dir: string): Migration[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => existsSync(join(dir, name, 'migration.sql')))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(dir, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function loadHistory(client: pg.Client): Promise<HistoryRow[]> {
  const result = await client.query<HistoryRow>('select migration_name, checksum, finished_at, rolled_back_at from _prisma_migrations');
  return result.rows.filter((row) => row.rolled_back_at === null);
}

function planMigrations(migrations: readonly Migration[], history: readonly HistoryRow[], log: (line: string) => void): Migration[] {
  const failed = history.find((row) => row.finished_at === null);
  if (failed)
    throw new AppError('migration_failed', `migration "${failed.migration_name}" is recorded as failed; see "prisma migrate resolve"`);
  const applied = new Map(history.map((row) => [row.migration_name, row.checksum]));
  for (const { name, checksum } of migrations) {
    if (applied.has(name) && applied.get(name) !== checksum) log(`migration "${name}" was edited after it was applied`);
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function applyMigration(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(sql);
    // In the same transaction: a start that is killed halfway leaves neither tables nor a record of a failed migration.
    await client.query(
      'insert into _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) values ($1, $2, $3, now(), 1)',
      [randomUUID(), checksum, name],
    );
    await client.query('commit');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('migration_failed', `migration "${name}" failed: ${reason}`, { cause });
  }
}
