import { AppError } from '@candlecast/domain';
import { type PrismaClient, toPrismaClient } from './prisma-client.ts';
import { createSessionPool, type SessionPool } from './sql/session.ts';

/** What the server can do: plain PostgreSQL, TimescaleDB's Apache edition, or its full edition. All give the same results. */
export type StorageTier = 'plain' | 'apache' | 'tsl';

export interface DatabaseOptions {
  readonly url: string;
  /** What `pg_stat_activity` calls the process. */
  readonly applicationName: string;
  /** Most connections at a time. */
  readonly poolSize?: number;
  /** After how long a statement is given up. */
  readonly statementTimeoutMs?: number;
  /** After how long the server ends a transaction whose client does nothing, and lets its locks go. */
  readonly idleTransactionTimeoutMs?: number;
}

/** A migrated database: connections, and what stands behind them. */
export interface Database {
  readonly tier: StorageTier;
  readonly sessions: SessionPool;
  /** Prisma on the same connections, for records that are not candles. */
  readonly prisma: PrismaClient;
  close(): Promise<void>;
}

/** Connects and finds out the tier. Throws `database_unavailable`, or `database_not_migrated` when the tables are not there. */
export async function createDatabase({
  url,
  applicationName,
  poolSize = 10,
  statementTimeoutMs = 30_000,
  idleTransactionTimeoutMs = 60_000,
}: DatabaseOptions): Promise<Database> {
  const sessions = createSessionPool({ url, applicationName, poolSize, statementTimeoutMs, idleTransactionTimeoutMs });
  try {
    const tier = await findTier(sessions);
    const prisma = toPrismaClient(sessions.pool);
    return {
      tier,
      sessions,
      prisma,
      async close() {
        await prisma.$disconnect();
        await sessions.close();
      },
    };
  } catch (cause) {
    await sessions.close();
    throw cause;
  }
}

async function findTier(sessions: SessionPool): Promise<StorageTier> {
  const [found] = await sessions.run<{ isMigrated: boolean }>({
    name: 'is-migrated',
    text: `select to_regprocedure('storage_tier()') is not null as "isMigrated"`,
  });
  if (!found?.isMigrated) throw new AppError('database_not_migrated', 'the database has no candlecast tables; apply the migrations first');
  const [row] = await sessions.run<{ tier: StorageTier }>({ name: 'storage-tier', text: 'select storage_tier() as tier' });
  if (!row) throw new AppError('database_not_migrated', 'storage_tier() says nothing');
  return row.tier;
}
