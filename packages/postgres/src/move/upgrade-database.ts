import { runStatement } from '../run-statement.ts';
import { moveTier } from './move-tier.ts';

const NEXT = 'candlecast_next';

/**
 * Gives a database that was made on plain PostgreSQL what its server can do by now: moves it into a new database beside it, which then
 * takes its name and place; the old one is removed once everything was found equal. Returns whether there was anything to do.
 * A start that is killed halfway leaves the old database as it was.
 */
export async function upgradeDatabase(url: string, log: (line: string) => void): Promise<boolean> {
  const [found] = await runStatement<{ isPlain: boolean }>(
    url,
    `select to_regclass('candle_1m') is not null and not exists (select from pg_extension where extname = 'timescaledb')
       and current_setting('timescaledb.disable_load', true) is not null as "isPlain"`,
  );
  if (!found?.isPlain) return false;
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const admin = withDatabase(url, 'postgres');
  await runStatement(admin, `drop database if exists ${NEXT} with (force)`);
  await runStatement(admin, `create database ${NEXT}`);
  const { hashes } = await moveTier({ from: url, to: withDatabase(url, NEXT), log: () => undefined });
  // Two statements in one message are one transaction: there is never a moment without a database of that name.
  await runStatement(admin, `alter database ${name} rename to ${name}_old; alter database ${NEXT} rename to ${name}`);
  await runStatement(admin, `drop database ${name}_old with (force)`);
  log(
    `moved the database to TimescaleDB: ${hashes.length} relations are equal, ${hashes.find(({ relation }) => relation === 'candle_1m')?.rows} candles`,
  );
  return true;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
