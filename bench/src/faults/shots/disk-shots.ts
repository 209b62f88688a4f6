import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import pg from 'pg';
import type { World } from '../world/world.ts';
import { type ShotKind, shotKind, untilHit } from './shot.ts';

/** F15: the database has no room, or may not write. */
export const DISK_SHOTS: readonly ShotKind[] = [
  shotKind({
    name: 'disk full',
    class: 'F15',
    holds: ['database'],
    parameters: fc.record({ leaveBytes: fc.integer({ min: 0, max: 100_000 }), ms: fc.integer({ min: 300, max: 1_500 }) }),
    obstacle: ({ space }) => space.unlimitedBecause,
    fire: fillDisk,
  }),
  shotKind({
    name: 'database read-only',
    class: 'F15',
    holds: ['database'],
    parameters: fc.record({ ms: fc.integer({ min: 300, max: 1_500 }) }),
    async fire(world, { ms }) {
      const refused = linesWith(world, 'in a read-only transaction');
      await world.query('alter system set default_transaction_read_only = on');
      await world.query('select pg_reload_conf()');
      const hits = await untilHit(refused);
      await untilToldTruth(world);
      await delay(ms);
      await world.query('alter system reset default_transaction_read_only');
      await world.query('select pg_reload_conf()');
      return hits;
    },
  }),
];

async function fillDisk(world: World, { leaveBytes, ms }: { leaveBytes: number; ms: number }): Promise<number> {
  const { server, space } = world;
  const refused = linesWith(world, 'No space left on device');
  space.fill(leaveBytes);
  try {
    const hits = await untilHit(async () => {
      // The log of the database has room in its present file for a while: a new one has not.
      if (refused() === 0) await tryOnce(server.urlOf('postgres'), 'select pg_switch_wal()');
      return refused();
    });
    await untilToldTruth(world);
    await delay(ms);
    return hits;
  } finally {
    space.free();
    if (!server.isRunning) await server.start();
  }
}

/** Health must not call a service ready that cannot store. */
async function untilToldTruth({ ingest }: World): Promise<void> {
  const told = await untilHit(async () => ((await ingest.current.isReady()) ? 0 : 1), 1, 20_000);
  if (told === 0) throw new Error('ingest calls itself ready while the database refuses to store');
}

function linesWith({ server }: World, text: string): () => number {
  const count = () => server.logTail(2_000).filter((line) => line.includes(text)).length;
  const before = count();
  return () => Math.max(0, count() - before);
}

async function tryOnce(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client
    .connect()
    .then(() => client.query(statement))
    .catch(() => undefined); // it is to fail
  await client.end().catch(() => undefined);
}
