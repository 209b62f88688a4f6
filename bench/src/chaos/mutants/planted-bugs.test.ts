import { pathToFileURL } from 'node:url';
import type { CandlecastClient, ClientOptions } from '@candlecast/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPlanted } from '../../faults/mutants/build-planted.ts';
import { type DatabaseServer, startDatabaseServer } from '../../faults/world/database-server.ts';
import { makeSpace, type Space } from '../../faults/world/space.ts';
import { startWorld, type World } from '../../faults/world/world.ts';
import { type ChaosOptions, runChaos } from '../run/run-chaos.ts';
import { ENTRIES, PLANTED_STREAM_BUGS } from './planted-bugs.ts';

const CUTS = 60;

let space: Space;
let server: DatabaseServer;
let world: World;
beforeAll(async () => {
  space = makeSpace(false);
  server = await startDatabaseServer(space.folder);
  world = await startWorld({ seed: 1, server, space });
}, 120_000);
afterAll(async () => {
  await world.close();
  await server.stop();
  space.remove();
}, 60_000);

describe('cut sockets', () => {
  it.each(PLANTED_STREAM_BUGS)(
    'find $name',
    async (bug) => {
      const program = await buildPlanted(ENTRIES[bug.in], bug);
      const { found } = await runChaos(world, { seed: 1, cuts: CUTS, isShort: true, ...(await toOptions(bug.in, program)) });
      expect(
        found.filter((fault) => bug.finding.test(fault)),
        found.join('\n'),
      ).not.toEqual([]);
    },
    300_000,
  );

  it('find nothing where nothing is wrong', async () => {
    const { found } = await runChaos(world, { seed: 1, cuts: CUTS, isShort: true });
    expect(found).toEqual([]);
  }, 300_000);
});

async function toOptions(kind: keyof typeof ENTRIES, program: string): Promise<Partial<ChaosOptions>> {
  if (kind === 'gateway') return { gateway: program };
  const built = (await import(/* @vite-ignore */ pathToFileURL(program).href)) as {
    createClient: (options: ClientOptions) => CandlecastClient;
  };
  return { createClient: built.createClient };
}
