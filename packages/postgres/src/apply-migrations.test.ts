import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { applyMigrations } from './apply-migrations.ts';
import { runStatement } from './run-statement.ts';
import type { PostgresServer } from './start-postgres.ts';
import { makeFolder, startThrowaway } from './test-server.ts';

let server: PostgresServer;
let url: string;
let dir: string;
const lines: string[] = [];
const folder = makeFolder();

beforeAll(async () => {
  server = await startThrowaway(folder);
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  lines.length = 0;
  dir = mkdtempSync(join(folder, 'migrations-'));
  await runStatement(server.url, 'drop database if exists fresh');
  await runStatement(server.url, 'create database fresh');
  url = server.url.replace(/candlecast$/, 'fresh');
});

describe('applyMigrations', () => {
  it('applies what is missing, in order of name, and nothing twice', async () => {
    write('2_second', 'insert into word values (2)');
    write('1_first', 'create table word (id int);\ncreate function f() returns int language plpgsql as $$ begin return 1; end $$;');
    expect(await apply()).toBe(2);
    expect(await apply()).toBe(0);
    write('3_third', 'insert into word values (3)');
    expect(await apply()).toBe(1);
    expect(await runStatement(url, 'select id from word order by id')).toEqual([{ id: 2 }, { id: 3 }]);
  });

  it('records what the Prisma CLI records', async () => {
    write('1_first', 'create table word (id int)');
    await apply();
    const rows = await runStatement(
      url,
      'select migration_name, checksum, applied_steps_count, rolled_back_at, finished_at is null as open from _prisma_migrations',
    );
    expect(rows).toEqual([
      {
        migration_name: '1_first',
        checksum: '92e4fc04cced6c47347be4bdfeb877e4db517db3b5065664b0bfb01de0498f08',
        applied_steps_count: 1,
        rolled_back_at: null,
        open: false,
      },
    ]);
  });

  it('leaves nothing of a migration that fails, and applies it once it is mended', async () => {
    write('1_first', 'create table word (id int); insert into nowhere values (1)');
    await expect(apply()).rejects.toMatchObject({ code: 'migration_failed', message: expect.stringContaining('1_first') });
    write('1_first', 'create table word (id int)');
    expect(await apply()).toBe(1);
  });

  it('says when an applied migration was edited', async () => {
    write('1_first', 'create table word (id int)');
    await apply();
    write('1_first', 'create table word (id bigint)');
    expect(await apply()).toBe(0);
    expect(lines).toEqual(['migration "1_first" was edited after it was applied']);
  });

  it('refuses a history with a failed migration of the Prisma CLI', async () => {
    write('1_first', 'create table word (id int)');
    await apply();
    await runStatement(url, 'update _prisma_migrations set finished_at = null');
    await expect(apply()).rejects.toMatchObject({ code: 'migration_failed' });
  });

  it('lets two that run at once apply each migration once', async () => {
    write('1_first', 'create table word (id int)');
    const counts = await Promise.all([apply(), apply()]);
    expect(counts.sort()).toEqual([0, 1]);
  });

  it('does nothing without a folder', async () => {
    expect(await applyMigrations(url, (line) => lines.push(line), join(dir, 'nowhere'))).toBe(0);
  });
});

function write(name: string, sql: string): void {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, 'migration.sql'), sql);
}

function apply(): Promise<number> {
  return applyMigrations(url, (line) => lines.push(line), dir);
}
