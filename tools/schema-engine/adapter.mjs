import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { connectToNothing } from './no-database.mjs';

const CHAR_OID = 18;
const TEXT_OID = 25;

/** Opens one session on the database at `url`, mended so that the schema engine can work over it. */
export async function connect(url) {
  // One session, because the engine sets search_path and locks; UTC, because the adapter drops the offset of timestamps.
  return mend(await new PrismaPg({ connectionString: url, max: 1, options: '-c TimeZone=UTC' }).connect());
}

/** Makes the adapter factory that the engine asks for connections, to the database and to a throwaway one for comparing. */
export class AdapterFactory extends PrismaPg {
  #url;
  #shadowUrl;

  constructor(url, shadowUrl) {
    super({ connectionString: url });
    this.#url = url;
    this.#shadowUrl = shadowUrl;
  }

  async connect() {
    return this.#url ? connect(this.#url) : connectToNothing();
  }

  async connectToShadowDb() {
    if (!this.#shadowUrl) return openTemporaryDatabase(this.#url);
    const shadow = await connect(this.#shadowUrl);
    await shadow.executeScript('drop schema if exists "public" cascade; create schema "public";');
    return shadow;
  }
}

/** Creates the database that `url` names and returns its name. */
export async function createDatabase(url) {
  return runBeside(url, (name) => `create database ${quote(name)}`);
}

/** Drops the database that `url` names, when it is there. */
export async function dropDatabase(url) {
  return runBeside(url, (name) => `drop database if exists ${quote(name)} with (force)`);
}

async function openTemporaryDatabase(url) {
  const temporary = new URL(url);
  temporary.pathname = `/prisma_migrate_shadow_db_${globalThis.crypto.randomUUID()}`;
  await createDatabase(temporary.href);
  const adapter = await connect(temporary.href);
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await dropDatabase(temporary.href);
  };
  return adapter;
}

/** Runs a statement about a database from the database `postgres` of the same server. */
async function runBeside(url, toStatement) {
  const beside = new URL(url);
  const name = decodeURIComponent(beside.pathname.slice(1));
  beside.pathname = '/postgres';
  const adapter = await connect(beside.href);
  try {
    await adapter.executeScript(toStatement(name));
    return name;
  } finally {
    await adapter.dispose();
  }
}

function quote(name) {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Closes two gaps of @prisma/adapter-pg, which was not made for the schema engine. */
function mend(adapter) {
  const pool = adapter.underlyingDriver();
  sendScriptsWhole(adapter, pool);
  reportChars(adapter, pool);
  return adapter;
}

/** The adapter splits scripts at ";", which breaks function bodies between $$ and leaves half of a failed migration behind. */
function sendScriptsWhole(adapter, pool) {
  adapter.executeScript = async (script) => {
    try {
      await pool.query(script);
    } catch (cause) {
      adapter.onError(cause);
    }
  };
}

/** The adapter refuses PostgreSQL's catalog type "char". It is read as text and reported as a character. */
function reportChars(adapter, pool) {
  const query = pool.query.bind(pool);
  const queryRaw = adapter.queryRaw.bind(adapter);
  let charColumns = [];
  pool.query = async (...args) => {
    const result = await query(...args);
    const fields = Array.isArray(result) ? [] : result.fields;
    charColumns = fields.flatMap((field, index) => (field.dataTypeID === CHAR_OID ? [index] : []));
    for (const index of charColumns) fields[index].dataTypeID = TEXT_OID;
    return result;
  };
  adapter.queryRaw = async (statement) => {
    const result = await queryRaw(statement);
    for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
}
