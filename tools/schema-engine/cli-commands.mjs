import { connect, createDatabase, dropDatabase } from './adapter.mjs';

/** Prisma's codes for what the adapter calls by kind. */
const ERROR_CODES = { DatabaseDoesNotExist: 'P1003', AuthenticationFailed: 'P1000', DatabaseAlreadyExists: 'P1009' };
const CANNOT_REACH = 'P1001';

/** Runs one of the engine's three plain commands and returns the exit code. The CLI reads the outcome from standard error. */
export async function runCliCommand(command, url) {
  // The CLI throws the first line away and parses the others.
  log('INFO', { message: 'starting' });
  try {
    await run(command, url);
    log('INFO', { message: 'done' });
    return 0;
  } catch (cause) {
    log('ERROR', {
      message: cause.message || String(cause),
      is_panic: false,
      error_code: ERROR_CODES[cause.cause?.kind] ?? CANNOT_REACH,
      meta: {},
    });
    return 1;
  }
}

async function run(command, url) {
  if (command === 'create-database') return createDatabase(url);
  if (command === 'drop-database') return dropDatabase(url);
  if (command !== 'can-connect-to-database') throw new Error(`unknown command "${command}"`);
  const adapter = await connect(url);
  await adapter.executeScript('select 1').finally(() => adapter.dispose());
}

/** The CLI picks the lines with this target and level out of everything on standard error. */
function log(level, fields) {
  console.error(JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' }));
}
