import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readKeyFile } from '@candlecast/identity';
import { runStatement } from '@candlecast/postgres';
import { createTestDatabase } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWebKey } from './web-key.ts';

let folder: string;
let database: Awaited<ReturnType<typeof createTestDatabase>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'candlecast-web-key-'));
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

describe("the web app's key", () => {
  it('is made once, for its owner alone, and is known to the database by its hash', async () => {
    const path = join(folder, 'data', 'web.key');
    expect(await openWebKey(path, database.url, expect.unreachable)).toBe(true);
    const { key, sha256 } = readKeyFile(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await openWebKey(path, database.url, expect.unreachable)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe(`${key}\n`);
    const known = `select array_agg(sha256 || name || scopes::text) from api_key`;
    const isOne = `(${known}) = array['${sha256}' || 'web app' || '{READ,TRACK,NOTIFY}']`;
    await runStatement(database.url, `do $$ begin if not ${isOne} then raise 'other keys'; end if; end $$`);
  });

  it('is not there where the database may not be written', async () => {
    const notes: string[] = [];
    const away = database.url.replace(/\/[^/]*$/, '/nowhere');
    expect(await openWebKey(join(folder, 'other.key'), away, (text) => notes.push(text))).toBe(false);
    expect(notes).toEqual([expect.stringContaining('goes without an API key')]);
  });
});
