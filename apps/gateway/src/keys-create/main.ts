// `npm run keys:create -- --scope admin [--scope read] [--name …] [--days N]`: makes a key and prints it, once.
import { parseArgs } from 'node:util';
import { API_SCOPES, type ApiScope, AppError, addMs, DAY_MS, systemClock } from '@candlecast/domain';
import { createDatabase, createKeyStore } from '@candlecast/store';
import { createKeyDesk } from '../keys/key-desk.ts';

const USAGE = `npm run keys:create -- --scope SCOPE [--scope SCOPE]… [--name NAME] [--days N]

Makes an API key and prints it once; only its beginning and its hash are stored.
  --scope  what it may do: ${API_SCOPES.map((scope) => scope.toLowerCase()).join(', ')} (admin includes the others)
  --name   whose it is (default: its first scope)
  --days   after how many days it ends (default: never)`;

try {
  await run();
} catch (cause) {
  const isOurs = cause instanceof AppError || (cause instanceof TypeError && 'code' in cause);
  console.error(isOurs ? cause.message : cause);
  process.exitCode = 1;
}

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scope: { type: 'string', multiple: true },
      name: { type: 'string' },
      days: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return console.log(USAGE);
  const scopes = (values.scope ?? []).map(toScope);
  if (scopes.length === 0) throw new AppError('config_invalid', `--scope is missing\n\n${USAGE}`);
  const expiresAt = values.days === undefined ? null : addMs(systemClock.now(), toDays(values.days) * DAY_MS);
  const url = process.env.DATABASE_URL;
  if (!url) throw new AppError('config_invalid', 'DATABASE_URL: the key needs a database');

  const database = await createDatabase({ url, applicationName: 'keys:create', poolSize: 1 });
  try {
    const { key } = await createKeyDesk(createKeyStore(database)).create({ name: values.name ?? scopes.join(' '), scopes, expiresAt });
    console.error('Keep this key: it is not shown again.');
    console.log(key);
  } finally {
    await database.close();
  }
}

function toScope(text: string): ApiScope {
  const scope = API_SCOPES.find((known) => known === text.toUpperCase());
  if (!scope) throw new AppError('config_invalid', `scope "${text}" is not one of ${API_SCOPES.join(', ').toLowerCase()}`);
  return scope;
}

function toDays(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new AppError('config_invalid', `days "${text}" is not a whole number from 1 to 99999`);
  return Number.parseInt(text, 10);
}
