import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import pg from 'pg';
import { atCommit, halfOpen, latency, slicer } from '../line/toxics.ts';
import type { EndHow } from '../world/database-server.ts';
import type { World } from '../world/world.ts';
import { type ShotKind, shotKind, untilHit } from './shot.ts';

const how = fc.constantFrom<EndHow>('fast', 'immediate', 'kill');
const downMs = fc.integer({ min: 0, max: 1_500 });

/** F4: the database is restarted or killed. F5: it is slow, hung, full of sessions or locked. */
export const DATABASE_SHOTS: readonly ShotKind[] = [
  shotKind({
    name: 'restart PostgreSQL',
    class: 'F4',
    holds: ['database'],
    parameters: fc.record({ how, downMs }),
    async fire({ server }, parameters) {
      const hits = await server.end(parameters.how);
      await delay(parameters.downMs);
      await server.start();
      return hits;
    },
  }),
  shotKind({
    name: 'restart PostgreSQL in a transaction',
    class: 'F4',
    holds: ['database', 'database line'],
    parameters: fc.record({ how, downMs, nth: fc.integer({ min: 1, max: 6 }), side: fc.constantFrom('before' as const, 'after' as const) }),
    async fire({ server, database }, parameters) {
      let ending: Promise<number> | undefined;
      const applied = database.apply(
        atCommit(parameters.nth, parameters.side, () => {
          ending = server.end(parameters.how);
        }),
      );
      const hits = await untilHit(() => applied.hits);
      await ending;
      applied.remove();
      await delay(parameters.downMs);
      if (!server.isRunning) await server.start();
      return hits;
    },
  }),
  shotKind({
    name: 'answer to COMMIT lost',
    class: 'F4',
    holds: ['database line'],
    parameters: fc.record({
      commits: fc.array(fc.record({ nth: fc.integer({ min: 1, max: 4 }), side: fc.constantFrom('before' as const, 'after' as const) }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
    async fire({ database }, { commits }) {
      let hits = 0;
      for (const { nth, side } of commits) {
        const applied = database.apply(atCommit(nth, side, () => undefined));
        hits += await untilHit(() => applied.hits);
        applied.remove();
      }
      return hits;
    },
  }),
  shotKind({
    name: 'PostgreSQL hangs (SIGSTOP)',
    class: 'F5',
    holds: ['database'],
    parameters: fc.record({ ms: fc.integer({ min: 100, max: 3_000 }) }),
    obstacle: () => (process.platform === 'linux' ? undefined : 'the processes of the database are found in /proc, which is not here'),
    async fire({ server }, { ms }) {
      const hits = server.freeze();
      await delay(ms);
      server.thaw();
      return hits;
    },
  }),
  shotKind({
    name: 'no session left',
    class: 'F5',
    holds: ['database line'],
    parameters: fc.record({ ms: fc.integer({ min: 200, max: 1_500 }) }),
    fire: exhaustSessions,
  }),
  shotKind({
    name: 'slow way to the database',
    class: 'F5',
    holds: ['database line'],
    parameters: fc.record({ delayMs: fc.integer({ min: 2, max: 60 }), ms: fc.integer({ min: 300, max: 2_000 }) }),
    async fire({ database }, { delayMs, ms }) {
      const late = database.apply(latency(delayMs));
      const sliced = database.apply(slicer(64, 1, { direction: 'up' }));
      await delay(ms);
      const hits = await untilHit(() => late.hits + sliced.hits);
      late.remove();
      sliced.remove();
      return hits;
    },
  }),
  shotKind({
    name: 'a table is locked',
    class: 'F5',
    holds: ['database'],
    parameters: fc.record({
      table: fc.constantFrom('candle_1m', 'event_log_head', 'instrument', 'gap'),
      ms: fc.integer({ min: 200, max: 2_500 }),
    }),
    async fire(world, { table, ms }) {
      const client = new pg.Client({ connectionString: world.databaseUrl });
      client.on('error', () => undefined);
      await client.connect();
      await client.query(`begin; lock table ${table} in access exclusive mode`);
      const waiting = `select count(*)::float8 as n from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())`;
      const hits = await untilHit(async () => (await client.query<{ n: number }>(waiting)).rows[0]?.n ?? 0);
      await delay(ms);
      await client.query('commit');
      await client.end();
      return hits;
    },
  }),
  shotKind({
    name: 'half-open way to the database',
    class: 'F5',
    holds: ['database line'],
    parameters: fc.record({ direction: fc.constantFrom('up' as const, 'down' as const) }),
    async fire({ database }, { direction }) {
      // All connections there are when one of them carries something next: while ingest starts there is none.
      const struck = new Set<object>();
      const strike = (wire: object) => {
        if (struck.size === 0) for (const each of database.wires()) struck.add(each);
        return struck.has(wire);
      };
      const applied = database.apply(halfOpen(strike, direction));
      const hits = await untilHit(() => applied.hits);
      // It stays so until ingest itself lets go of these connections.
      await untilHit(() => (database.wires().some((wire) => struck.has(wire)) ? 0 : 1), 1, 55_000);
      applied.remove();
      return hits;
    },
  }),
];

async function exhaustSessions({ server, database }: World, { ms }: { ms: number }): Promise<number> {
  const clients: pg.Client[] = [];
  const occupyAll = async (): Promise<void> => {
    while (await occupy()) await delay(0);
  };
  const occupy = async () => {
    const client = new pg.Client({ connectionString: server.urlOf('postgres') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      clients.push(client);
      return true;
    } catch {
      return false; // no session left, as wanted
    }
  };
  try {
    await occupyAll();
    const before = database.connections;
    database.cut('rst');
    await occupyAll();
    // Whoever tries to connect now is turned away.
    const hits = await untilHit(() => database.connections - before);
    await delay(ms);
    return hits;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
}
