import { until } from '../../faults/shots/shot.ts';
import type { World } from '../../faults/world/world.ts';

/** Stops ingest where it is (SIGSTOP) and waits until the database has finished what it was given: nothing is logged until the returned function is called. */
export async function holdStill(world: World): Promise<() => void> {
  const { current } = world.ingest;
  current.kill('SIGSTOP');
  // A stopped process does not notice that this one has ended.
  const end = () => current.kill('SIGKILL');
  process.once('exit', end);
  await until(async () => {
    const [row] = await world.query<{ busy: number }>(
      `select count(*)::int as busy from pg_stat_activity
       where datname = current_database() and application_name = 'ingest' and state = 'active'`,
    );
    return row?.busy === 0;
  }, 'the database finishes what ingest gave it');
  return () => {
    process.off('exit', end);
    current.kill('SIGCONT');
  };
}
