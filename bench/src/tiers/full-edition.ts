import { setTimeout as delay } from 'node:timers/promises';
import { createMaintenance } from '@candlecast/store';
import type { TierServer } from '../measure/tier-servers.ts';
import { table } from './markdown.ts';

const JOBS = `
  select j.job_id as job, replace(j.proc_name::text, 'policy_', '') as policy,
    coalesce(c.view_name::text, j.hypertable_name::text) as relation, j.schedule_interval::text as every,
    coalesce(j.config->>'start_offset', '') as start, coalesce(j.config->>'end_offset', '') as "end",
    coalesce(j.config->>'compress_created_before', '') as "older than", s.total_runs as runs, s.total_failures as failures,
    coalesce(s.last_run_status, 'never ran') as "last run", to_char(s.last_run_started_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as "at (UTC)",
    round(extract(epoch from s.last_run_duration)::numeric * 1000)::text || ' ms' as took
  from timescaledb_information.jobs j
  left join timescaledb_information.job_stats s using (job_id)
  left join timescaledb_information.continuous_aggregates c on c.materialization_hypertable_name = j.hypertable_name
  where j.hypertable_schema is not null order by j.job_id`;

const HYPERTABLES = `
  select h.hypertable_name as hypertable, d.column_name as "by",
    coalesce(d.time_interval::text, d.integer_interval::text || ' rows') as "chunk of", h.num_chunks as chunks,
    h.compression_enabled as columnstore
  from timescaledb_information.hypertables h join timescaledb_information.dimensions d using (hypertable_schema, hypertable_name)
  where h.hypertable_schema = 'public' order by 1`;

const AGGREGATES = `
  select a.view_name as aggregate, 'candle_' || l.source as "made from", l.width::text as bucket, not a.materialized_only as "real time",
    to_char(_timescaledb_functions.to_timestamp(_timescaledb_functions.cagg_watermark(c.mat_hypertable_id)) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as "materialised to"
  from timescaledb_information.continuous_aggregates a
  join _timescaledb_catalog.continuous_agg c on c.user_view_name = a.view_name
  join candle_level l on 'candle_' || l.name = a.view_name order by l.n`;

const COMPRESSION = `
  select total_chunks as chunks, number_compressed_chunks as compressed, pg_size_pretty(before_compression_total_bytes) as before,
    pg_size_pretty(after_compression_total_bytes) as after,
    round(before_compression_total_bytes::numeric / after_compression_total_bytes, 2) as ratio
  from hypertable_compression_stats('candle_1m')`;

/** Returns what the full edition is made of, as Markdown; its policies have run by then, on their own where the server has workers. */
export async function describeFullEdition({ database }: TierServer): Promise<string[]> {
  const run = async (text: string) => (await database.sessions.pool.query(text)).rows as Record<string, unknown>[];
  const [version] = await run(
    `select extversion as timescaledb, current_setting('server_version') as postgresql, current_setting('timescaledb.license') as license,
       current_setting('timescaledb.max_background_workers') as workers from pg_extension where extname = 'timescaledb'`,
  );
  const isScheduled = version?.workers !== '0';
  const runs = isScheduled
    ? 'by themselves, in background workers'
    : 'by `CALL run_job`: this server has no background workers, which alone count runs';
  await letPoliciesRun(run, isScheduled);
  const lines = ['## The full edition', '', ...table([version ?? {}]), '', '### Hypertables', '', ...table(await run(HYPERTABLES)), ''];
  lines.push('### Continuous aggregates', '', ...table(await run(AGGREGATES)), '');
  lines.push('### Policies and their last runs', '', `They ran ${runs}.`, '', ...table(await run(JOBS)), '');
  await createMaintenance(database).run();
  lines.push('### Compression of real candles', '', 'After `CALL candle_compress`, minutes more than a week behind the newest one.', '');
  lines.push(
    ...table(await run(COMPRESSION)),
    '',
    '### Retention',
    '',
    'Counted back from the newest minute of each venue, by `CALL retention_apply()`.',
    '',
  );
  lines.push(...table(await run(`select relation, keep::text from retention order by 1`)), '');
  return lines;
}

async function letPoliciesRun(run: (text: string) => Promise<Record<string, unknown>[]>, isScheduled: boolean): Promise<void> {
  if (!isScheduled) {
    for (const { job } of await run(JOBS)) await run(`call run_job(${job})`);
    return;
  }
  const deadline = performance.now() + 180_000;
  while (performance.now() < deadline) {
    if ((await run(JOBS)).every((job) => job['last run'] !== 'never ran')) return;
    await delay(1_000);
  }
}
