import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { toDatabaseError } from './database-error.ts';
import { typeParsers } from './type-parsers.ts';

/** A statement whose plan the server keeps under `name`; one name, one text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** One connection for as long as the work on it lasts. */
export interface Session {
  /** Runs a prepared statement and returns its rows. */
  run<Row>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** Sends lines in the text format of COPY into a table: `copy … from stdin`. */
  copy(text: string, lines: Iterable<string>): Promise<void>;
}

/** A session of its own, kept until it is dropped; the server sees at once when the process is gone. */
export interface HeldLine extends Session {
  /** Closes the connection. */
  drop(): void;
}

/** The connections of a process. */
export interface SessionPool {
  readonly pool: pg.Pool;
  /** Runs `work` in a transaction: committed when it returns, rolled back when it throws. */
  transact<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Runs `work` on one unchanging picture of the database (repeatable read, read only). */
  readSnapshot<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Takes a connection out of the pool for long. `onNotification` hears what it listens to. */
  hold(onNotification: () => void): Promise<HeldLine>;
  /** Runs one statement by itself. */
  run<Row>(statement: Statement, values?: readonly unknown[]): Promise<Row[]>;
  /** Runs `work` while this process alone holds the advisory lock `key` of the database; returns false when another one does. */
  runLocked(key: number, work: () => Promise<void>): Promise<boolean>;
  /** Runs one statement by itself, however long it takes, as the role of the maintenance where the login is not the owner. */
  runUntimed(statement: Statement, values?: readonly unknown[]): Promise<void>;
  close(): Promise<void>;
}

export interface SessionPoolOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly poolSize: number;
  /** 0: none. */
  readonly statementTimeoutMs: number;
  /** After how long the server ends a transaction whose client does nothing, and lets its locks go. */
  readonly idleTransactionTimeoutMs: number;
}

/** How long after the server should have given a statement up its word may take to come. */
const ANSWER_GRACE_MS = 2_000;
/** The longest that a timer can wait: 24 days. */
const NEVER_MS = 2_147_483_647;

/** Makes a pool whose sessions run in UTC. Connects with the first statement. */
export function createSessionPool(options: SessionPoolOptions): SessionPool {
  const { url, applicationName, poolSize, statementTimeoutMs } = options;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName,
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    // The server's own timeout is no help where the way to it is dead: without this the statement waits for ever.
    query_timeout: statementTimeoutMs === 0 ? 0 : statementTimeoutMs + ANSWER_GRACE_MS,
    idle_in_transaction_session_timeout: options.idleTransactionTimeoutMs,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Compiling a plan takes longer than any of our statements.
    options: '-c TimeZone=UTC -c jit=off',
    types: typeParsers,
  });
  // The server may cut a connection at any time, also between two statements of a transaction. The next statement says so and the
  // pool makes a new connection; without listeners the process would end.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));

  const held = new Set<() => void>();

  async function bracket<T>(begin: string, work: (session: Session) => Promise<T>): Promise<T> {
    const client = await pool.connect().catch(fail);
    let isReusable = false;
    try {
      await client.query(begin).catch(fail);
      const result = await work(toSession(client));
      await client.query('commit').catch(fail);
      isReusable = true;
      return result;
    } catch (cause) {
      // A connection that does not answer would not answer this either.
      isReusable =
        !isUnanswered(cause) &&
        (await client.query('rollback').then(
          () => true,
          () => false,
        ));
      throw cause;
    } finally {
      client.release(!isReusable);
    }
  }

  return {
    pool,
    transact: (work) => bracket('begin', work),
    readSnapshot: (work) => bracket('begin isolation level repeatable read read only', work),
    async hold(onNotification) {
      const client = await pool.connect().catch(fail);
      client.on('notification', onNotification);
      const drop = () => {
        if (held.delete(drop)) client.release(true);
      };
      held.add(drop);
      return { ...toSession(client), drop };
    },
    run: (statement, values) => runOn(pool, statement, values),
    async runLocked(key, work) {
      const client = await pool.connect().catch(fail);
      try {
        const { rows } = await client.query('select pg_try_advisory_lock($1) as "isHeld"', [key]).catch(fail);
        if (rows[0]?.isHeld !== true) return false;
        await work();
        await client.query('select pg_advisory_unlock($1)', [key]).catch(fail);
        return true;
      } finally {
        client.release(true); // and with its connection the lock ends, whatever happened
      }
    },
    async runUntimed(statement, values = []) {
      const client = await pool.connect().catch(fail);
      try {
        await client.query('set statement_timeout = 0').catch(fail);
        await client.query(BECOME_MAINTENANCE).catch(fail);
        await client.query({ text: statement.text, values: [...values], query_timeout: NEVER_MS } as pg.QueryConfig).catch(fail);
      } finally {
        client.release(true); // with its settings
      }
    },
    close() {
      // The pool's end waits for what is taken out.
      for (const drop of held) drop();
      return pool.end();
    },
  };
}

/** Refresh, compression and dropping chunks are the owner's: a login that may take the role on for them does. */
const BECOME_MAINTENANCE = `
  select set_config('role', r.rolname, false) from pg_roles r
  where r.rolname = 'candlecast_maintenance' and pg_has_role(r.oid, 'SET')
    and not pg_has_role((select relowner from pg_class where oid = 'candle_1m'::regclass), 'USAGE')`;

function toSession(client: pg.PoolClient): Session {
  return {
    run: (statement, values) => runOn(client, statement, values),
    async copy(text, lines) {
      await pipeline(Readable.from(lines, { objectMode: false, highWaterMark: 65_536 }), client.query(copyFrom(text))).catch(fail);
    },
  };
}

async function runOn<Row>(client: pg.PoolClient | pg.Pool, { name, text }: Statement, values: readonly unknown[] = []): Promise<Row[]> {
  const result = await client.query({ name, text, values: [...values] }).catch(fail);
  return result.rows as Row[];
}

/** The driver has no code for it. */
function isUnanswered(cause: unknown): boolean {
  return cause instanceof Error && (cause.message.includes('Query read timeout') || isUnanswered(cause.cause));
}

function fail(cause: unknown): never {
  throw toDatabaseError(cause);
}
