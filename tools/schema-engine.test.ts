import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyMigrations, runStatement } from '@candlecast/postgres';
import { createTestDatabase, type TestDatabase } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SCHEMA = `datasource db {
  provider = "postgresql"
}
model Word {
  id     Int    @id
  text   String @unique
  length Int
}
`;
const FIRST = 'CREATE TABLE "Word" ("id" INTEGER NOT NULL, "text" TEXT NOT NULL, CONSTRAINT "Word_pkey" PRIMARY KEY ("id"));';
// A body between $$ with semicolons, which must arrive whole.
const SECOND = `ALTER TABLE "Word" ADD COLUMN "length" INTEGER NOT NULL;
CREATE UNIQUE INDEX "Word_text_key" ON "Word"("text");
CREATE FUNCTION set_length() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW."length" := length(NEW."text"); RETURN NEW; END; $$;
CREATE TRIGGER set_length BEFORE INSERT ON "Word" FOR EACH ROW EXECUTE FUNCTION set_length();`;

let folder: string;
let database: TestDatabase;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-schema-engine-'));
  write('schema.prisma', SCHEMA);
  write('migrations/migration_lock.toml', 'provider = "postgresql"\n');
  write('migrations/1_first/migration.sql', FIRST);
  write('migrations/2_second/migration.sql', SECOND);
  write(
    'prisma.config.ts',
    `export default { schema: 'schema.prisma', migrations: { path: 'migrations' }, ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}) };`,
  );
  database = await createTestDatabase();
  const beside = new URL(database.url);
  beside.pathname = `/prisma_cli_${process.pid}`;
  url = beside.href;
});
afterAll(async () => {
  await runStatement(database.url, `drop database if exists prisma_cli_${process.pid} with (force)`);
  await database.drop();
  rmSync(folder, { recursive: true });
});

describe('the Prisma CLI with the wasm schema engine', () => {
  it('writes the statements from nothing to a schema without any database', async () => {
    const { output } = await prisma(['migrate', 'diff', '--from-empty', '--to-schema', 'schema.prisma', '--script']);
    expect(output).toContain('CREATE TABLE "Word"');
  });

  it('names the setting when a command needs a database', async () => {
    const { code, output } = await prisma(['migrate', 'diff', '--from-migrations', 'migrations', '--to-schema', 'schema.prisma']);
    expect(code).not.toBe(0);
    expect(output).toMatch(/shadow database|DATABASE_URL|datasource/i);
  });

  it('creates the database, applies migrations with function bodies, and agrees with applyMigrations', async () => {
    const deployed = await prisma(['migrate', 'deploy'], url);
    expect(deployed).toMatchObject({ code: 0, output: expect.stringContaining('2_second') });
    await runStatement(url, `insert into "Word" (id, text, length) values (1, 'candle', 0)`);
    expect(await runStatement(url, 'select length from "Word"')).toEqual([{ length: 6 }]);
    expect(await applyMigrations(url, throwLine, join(folder, 'migrations'))).toBe(0);
    expect(await prisma(['migrate', 'status'], url)).toMatchObject({ code: 0, output: expect.stringContaining('up to date') });
  });

  it('finds no drift between the migrations and the schema, and finds one that is there', async () => {
    const diff = ['migrate', 'diff', '--from-migrations', 'migrations', '--to-schema', 'schema.prisma', '--exit-code'];
    expect(await prisma(diff, url)).toMatchObject({ code: 0 });
    write('schema.prisma', SCHEMA.replace('length Int', 'size   Int'));
    expect(await prisma(diff, url)).toMatchObject({ code: 2, output: expect.stringContaining('size') });
    write('schema.prisma', SCHEMA);
  });

  it('leaves no temporary database behind', async () => {
    const left = await runStatement(database.url, `select datname from pg_database where datname like 'prisma_migrate_shadow%'`);
    expect(left).toEqual([]);
  });

  it('says when nothing answers at the address', async () => {
    const { code, output } = await prisma(['migrate', 'status'], 'postgresql://nobody@127.0.0.1:1/nothing');
    expect(code).not.toBe(0);
    expect(output).toContain('127.0.0.1:1');
  });
});

function write(name: string, text: string): void {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

function throwLine(line: string): void {
  throw new Error(line);
}

function prisma(args: readonly string[], databaseUrl?: string): Promise<{ code: number; output: string }> {
  const { DATABASE_URL: _, ...environment } = process.env;
  const env = {
    ...environment,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
    PRISMA_SCHEMA_ENGINE_BINARY: join(ROOT, 'tools', 'schema-engine.mjs'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(ROOT, 'node_modules/prisma/build/index.js'), ...args],
      { cwd: folder, env },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, output: `${stdout}${stderr}` });
      },
    );
  });
}
