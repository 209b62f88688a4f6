import { AppError } from '@candlecast/domain';
import type pg from 'pg';
import { applyMigrations } from '../apply-migrations.ts';
import { connect, query } from './connect.ts';
import { advanceSequences, copyTable, findTables, SETTINGS_TABLES } from './copy-tables.ts';
import { CANDLE_RELATIONS, findColumns, hashRelation, type RelationHash } from './hash-relations.ts';

/** What a move did. */
export interface TierMove {
  readonly fromTier: string;
  readonly toTier: string;
  /** The tables that were carried over and the twelve relations of candles, equal on both sides. */
  readonly hashes: readonly RelationHash[];
}

/**
 * Carries a database over to another one, of whatever storage tier: makes the schema there with the migrations, copies every table from
 * one snapshot, makes the roll-ups from the minutes, and compares both sides by hashes. The target's log has an epoch of its own, so
 * that an old cursor is refused. The old database stays as it is, its missing migrations apart. Throws `move_refused` for a target
 * with data in it and for a source that somebody wrote to meanwhile, `move_differs` when a hash is not equal.
 */
export async function moveTier(options: {
  readonly from: string;
  readonly to: string;
  readonly log: (line: string) => void;
}): Promise<TierMove> {
  const { from, to, log } = options;
  for (const url of [from, to]) await applyMigrations(url, log);
  const [source, target] = [await connect(from), await connect(to)];
  try {
    const fromTier = await findTier(source);
    // What its continuous aggregates have not taken in yet would be a difference.
    if (fromTier === 'tsl') await buildRollups(source, log);
    await source.query('begin isolation level repeatable read read only');
    const tables = await findTables(target);
    await requireEmpty(target, tables);
    const head = await findHead(source);
    for (const table of tables) {
      log(`copying ${table}`);
      await copyTable(source, target, table);
    }
    await advanceSequences(target);
    await buildRollups(target, log);
    const hashes = await compare(source, target, tables, log);
    await source.query('commit');
    if ((await findHead(source)) !== head) {
      throw new AppError('move_refused', 'the old database was written to meanwhile: stop ingest, forecaster and gateway and move again');
    }
    await target.query('analyze');
    return { fromTier, toTier: await findTier(target), hashes };
  } finally {
    await Promise.all([source.end(), target.end()]);
  }
}

async function requireEmpty(target: pg.Client, tables: readonly string[]): Promise<void> {
  for (const table of tables.filter((name) => !SETTINGS_TABLES.includes(name))) {
    const rows = await query(target, `select from ${table} limit 1`);
    if (rows.length > 0) throw new AppError('move_refused', `the new database has rows in ${table}: move into an empty one`);
  }
}

/** Whole weeks at a time, which all levels share the bounds of: a year of many instruments at once would need much memory. */
async function buildRollups(target: pg.Client, log: (line: string) => void): Promise<void> {
  const spans = await query<{ from: string; to: string }>(
    target,
    `select s::text as "from", (s + interval '56 days')::text as "to"
     from (select min(open_time) as oldest, max(open_time) as newest from candle_1m) c,
       generate_series(date_bin('56 days', c.oldest, timestamptz '2000-01-03 00:00+00'), c.newest, interval '56 days') s`,
  );
  for (const { from, to } of spans) {
    log(`building roll-ups from ${from.slice(0, 10)}`);
    await target.query('call candle_refresh($1::timestamptz, $2::timestamptz)', [from, to]);
  }
}

async function compare(
  source: pg.Client,
  target: pg.Client,
  tables: readonly string[],
  log: (line: string) => void,
): Promise<RelationHash[]> {
  const hashes: RelationHash[] = [];
  for (const relation of new Set([...tables, ...CANDLE_RELATIONS])) {
    log(`comparing ${relation}`);
    const columns = await findColumns(target, relation);
    const [old, made] = await Promise.all([hashRelation(source, relation, columns), hashRelation(target, relation, columns)]);
    if (old.rows !== made.rows || old.hash !== made.hash) {
      throw new AppError('move_differs', `${relation} has ${made.rows} rows (${made.hash}) and had ${old.rows} (${old.hash})`);
    }
    hashes.push(made);
  }
  return hashes;
}

async function findHead(client: pg.Client): Promise<string> {
  const [head] = await query<{ head: string }>(client, `select epoch || ' ' || seq as head from event_log_head`);
  return head?.head ?? '';
}

async function findTier(client: pg.Client): Promise<string> {
  const [row] = await query<{ tier: string }>(client, 'select storage_tier() as tier');
  return row?.tier ?? '';
}
