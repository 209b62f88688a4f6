import pg from 'pg';
import type { World } from '../../faults/world/world.ts';

/**
 * Makes the log stand still: holds the row that whoever logs something must change last before its commit. Readers are not held up. The
 * returned function lets it go on.
 */
export async function holdStill({ databaseUrl }: World): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'chaos' });
  await client.connect();
  await client.query('begin');
  await client.query('select from event_log_head for update');
  return () => client.end();
}
