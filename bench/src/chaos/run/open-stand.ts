import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDatabaseServer } from '../../faults/world/database-server.ts';
import { makeSpace } from '../../faults/world/space.ts';
import { startWorld } from '../../faults/world/world.ts';
import { type ChaosOptions, type ChaosResult, runChaos } from './run-chaos.ts';

/** A database server on which runs take place, one after the other, each in a world of its own. */
export interface Stand {
  run(options: ChaosOptions): Promise<ChaosResult>;
  close(): Promise<void>;
}

/** Starts the database server of a stand; leaves what is known of failed runs in `evidenceDir`. */
export async function openStand(evidenceDir?: string): Promise<Stand> {
  const space = makeSpace(false);
  const server = await startDatabaseServer(space.folder).catch((cause: unknown) => {
    space.remove();
    throw cause;
  });
  let closing: Promise<void> | undefined;
  return {
    async run(options) {
      const world = await startWorld({ seed: options.seed, server, space });
      try {
        const result = await runChaos(world, options);
        if (result.found.length > 0 && evidenceDir !== undefined) saveEvidence(evidenceDir, result, world.ingest.logTail(300));
        return result;
      } finally {
        await world.close();
      }
    },
    close() {
      closing ??= server.stop().finally(() => space.remove());
      return closing;
    },
  };
}

function saveEvidence(folder: string, { seed, found, cuts, notes, gatewayLogs }: ChaosResult, ingest: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `seed-${seed}.json`), JSON.stringify({ seed, found, cuts, notes, gatewayLogs, ingest }, undefined, 2));
}
