import { randomBytes } from 'node:crypto';
import { runStatement } from './run-statement.ts';

const APPS = ['ingest', 'forecaster', 'gateway'] as const;

/** The address of the database for each app, under the app's own role. */
export type AppLogins = Readonly<Record<(typeof APPS)[number], string>>;

/**
 * Gives the apps' roles of a migrated database a new random password each, and returns their addresses; nothing is written to disk.
 * The user of `url` must be allowed to alter roles, as the owner of an embedded server is.
 */
export async function openAppLogins(url: string): Promise<AppLogins> {
  const logins = APPS.map(async (app) => {
    const role = `candlecast_${app}`;
    const password = randomBytes(24).toString('base64url');
    // Both are made of letters that need no quoting.
    await runStatement(url, `alter role ${role} login password '${password}'`);
    const own = new URL(url);
    own.username = role;
    own.password = password;
    return [app, own.href] as const;
  });
  return Object.fromEntries(await Promise.all(logins)) as AppLogins;
}
