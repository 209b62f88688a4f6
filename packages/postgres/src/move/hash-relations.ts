import { ROLLUP_LADDER } from '@candlecast/domain';
import type pg from 'pg';
import { query } from './connect.ts';

/** The twelve relations of candles, finest first. */
export const CANDLE_RELATIONS = ['candle_1m', ...ROLLUP_LADDER.map(({ interval }) => `candle_${interval}`)];

/** What a relation holds, in a few characters: the same on every storage tier, whatever the order of the rows. */
export interface RelationHash {
  readonly relation: string;
  readonly rows: number;
  readonly hash: string;
}

/**
 * Hashes whole relations where they are: the sum of the first 60 bits of the MD5 of every row's text. `columns` is told so that
 * relations with the same columns in another order are equal; the session must run in UTC.
 */
export async function hashRelation(client: pg.Client, relation: string, columns: readonly string[]): Promise<RelationHash> {
  const [row] = await query<{ rows: string; hash: string }>(
    client,
    `select count(*) as rows, coalesce(sum(('x' || substr(md5(row(${columns.join(', ')})::text), 1, 15))::bit(60)::bigint), 0)::text as hash
     from ${relation}`,
  );
  return { relation, rows: Number.parseInt(row?.rows ?? '0', 10), hash: row?.hash ?? '0' };
}

/** Hashes the twelve relations of candles. */
export async function hashCandles(client: pg.Client): Promise<RelationHash[]> {
  const columns = await findColumns(client, 'candle_1m');
  const hashes: RelationHash[] = [];
  for (const relation of CANDLE_RELATIONS) hashes.push(await hashRelation(client, relation, columns));
  return hashes;
}

/** Returns the columns of a relation, in their order, as SQL names them. */
export async function findColumns(client: pg.Client, relation: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    client,
    `select quote_ident(attname) as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [relation],
  );
  return rows.map(({ name }) => name);
}
