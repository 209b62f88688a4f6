import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { query } from './connect.ts';
import { findColumns } from './hash-relations.ts';

/** Filled by the migrations, or not carried over: the log begins anew, so that no old cursor can be taken for one of the new log, and with it who reads it. */
const LEFT_OUT = ['_prisma_migrations', 'candle_level', 'app_right', 'event_log', 'event_log_head', 'webhook_desk', 'alert_desk'];
/** Settings: the migrations fill them, and what the old database says replaces that. */
export const SETTINGS_TABLES = ['retention'];

/**
 * Returns the tables whose rows are to be carried over, each after those that its foreign keys name. Roll-ups are not among
 * them: they are made again from the minutes.
 */
export async function findTables(client: pg.Client): Promise<string[]> {
  const tables = await query<{ name: string; needs: string[] }>(
    client,
    `select c.relname as name, coalesce(array_agg(distinct f.confrelid::regclass::text) filter (where f.confrelid <> c.oid), '{}') as needs
     from pg_class c left join pg_constraint f on f.conrelid = c.oid and f.contype = 'f'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all ($1) and c.relname !~ '^candle_.*_mat$'
       and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     group by c.oid, c.relname order by c.relname`,
    [LEFT_OUT],
  );
  const ordered: string[] = [];
  while (ordered.length < tables.length) {
    const ready = tables.filter(({ name, needs }) => !ordered.includes(name) && needs.every((need) => ordered.includes(need)));
    if (ready.length === 0) throw new Error('the foreign keys of the tables form a circle');
    ordered.push(...ready.map(({ name }) => name));
  }
  return ordered;
}

/** Copies the rows of a table, its columns matched by name. A hypertable is read through a query, for its own COPY gives no rows. */
export async function copyTable(source: pg.Client, target: pg.Client, table: string): Promise<void> {
  const columns = (await findColumns(target, table)).join(', ');
  if (SETTINGS_TABLES.includes(table)) await target.query(`delete from ${table}`);
  const reading = source.query(copyTo(`copy (select ${columns} from ${table}) to stdout`));
  const writing = target.query(copyFrom(`copy ${table} (${columns}) from stdin`));
  await pipeline(reading, writing);
}

/** Lets the target's sequences go on where the ids in its tables end. */
export async function advanceSequences(target: pg.Client): Promise<void> {
  const owned = await query<{ sequence: string; table: string; column: string }>(
    target,
    `select s.oid::regclass::text as sequence, d.refobjid::regclass::text as "table", quote_ident(a.attname) as "column"
     from pg_class s join pg_depend d on d.objid = s.oid and d.classid = 'pg_class'::regclass and d.deptype in ('a', 'i')
     join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
     where s.relkind = 'S' and s.relnamespace = 'public'::regnamespace`,
  );
  for (const { sequence, table, column } of owned) {
    await target.query(`select setval('${sequence}', (select max(${column}) from ${table})) where exists (select from ${table})`);
  }
}
