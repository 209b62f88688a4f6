import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findTestTier } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestStore, type TestStore } from './testing/test-store.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const MIGRATIONS = `${ROOT}/prisma/migrations`;
const tier = await findTestTier();
let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

describe('the schema', () => {
  if (tier === 'plain') {
    it('says in schema.prisma what the migrations make', async () => {
      const prisma = `${ROOT}/node_modules/.bin/prisma`;
      const args = ['migrate', 'diff', '--from-migrations', 'prisma/migrations', '--to-schema', 'prisma/schema.prisma', '--exit-code'];
      const { stdout } = await promisify(execFile)(prisma, args, { cwd: ROOT, env: { ...process.env, DATABASE_URL: store.url } });
      expect(stdout).toContain('No difference detected');
    }, 120_000);
  }

  it('never measures market data against the wall clock', () => {
    const names = readdirSync(MIGRATIONS).filter((name) => /^\d/.test(name));
    const read = (name: string) => readFileSync(`${MIGRATIONS}/${name}/migration.sql`, 'utf8').replaceAll(/--.*$/gm, '');
    expect(names.map(read).join('\n')).not.toMatch(
      /\b(now\s*\(|current_timestamp|statement_timestamp|transaction_timestamp|localtimestamp)/i,
    );
    const withWallClock = read('20261121000000_init')
      .split('\n')
      .filter((line) => line.includes('clock_timestamp()'));
    expect(withWallClock.map((line) => line.trim().split(' ')[0])).toEqual(['saved_at', 'SELECT', 'created_at']);
  });

  it('is detected as what the server can do', async () => {
    const [row] = await store.sql<{ extension: boolean }>(
      `select exists (select from pg_extension where extname = 'timescaledb') as extension`,
    );
    expect(store.db.tier === 'plain').toBe(row?.extension === false);
  });
});
