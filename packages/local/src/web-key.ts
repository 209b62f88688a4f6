import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type MintedKey, mintKey, readKeyFile } from '@candlecast/identity';
import { runStatement } from '@candlecast/postgres';

/**
 * Sees to it that the web app has its key: in the file at `path`, which only its owner may read, and its hash in the database. Makes the file at the
 * first start. A database that is not ours to write to is left as it is: then the web app goes without a key. Returns whether it has one.
 */
export async function openWebKey(path: string, databaseUrl: string, note: (text: string) => void): Promise<boolean> {
  const minted = existsSync(path) ? readKeyFile(path) : makeKeyFile(path);
  try {
    // All of it is made of letters and digits that need no quoting.
    await runStatement(
      databaseUrl,
      `insert into api_key (prefix, sha256, name, scopes) values ('${minted.prefix}', '${minted.sha256}', 'web app', '{READ,TRACK,NOTIFY}')
       on conflict (prefix) do nothing`,
    );
    return true;
  } catch (cause) {
    note(`the web app goes without an API key: ${cause instanceof Error ? cause.message : cause}`);
    return false;
  }
}

function makeKeyFile(path: string): MintedKey {
  const minted = mintKey();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${minted.key}\n`, { mode: 0o600, flag: 'wx' });
  return minted;
}
