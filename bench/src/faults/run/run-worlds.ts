import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochMs } from '@candlecast/domain';
import { findSeries } from '../checks/stored.ts';
import { type DatabaseServer, startDatabaseServer } from '../world/database-server.ts';
import { makeSpace, type Space } from '../world/space.ts';
import { startWorld, type World } from '../world/world.ts';
import { brokenResult } from './broken-result.ts';
import { checkRange, openProgress, type Progress, runSeed, type SeedResult } from './run-seed.ts';
import { planScenario } from './scenario.ts';

/** Where seeds are run: a database server that many worlds use one after the other. */
export interface Stage {
  /** Runs seeds in one world, a new one after a failure; reports each as it ends. `how.program` is ingest, by default the built app. */
  run(seeds: readonly number[], onResult: (result: SeedResult) => void, how?: Pick<Ground, 'program' | 'recoveryCapMs'>): Promise<void>;
  close(): Promise<void>;
}

/** What a stage is set up with. */
export interface StageOptions {
  /** Folder for the evidence of failures. */
  readonly evidenceDir?: string;
  /** After how long a world is taken for broken. */
  readonly recoveryCapMs?: number;
  /** Leaves the seeds after a failure out. */
  readonly stopsAtFailure?: boolean;
  /** False does without a file system of limited size: then nothing is mounted, and the disk cannot be filled. */
  readonly isSpaceLimited?: boolean;
}

/** Starts the database server of a stage. */
export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const space = makeSpace(options.isSpaceLimited ?? true);
  let server: DatabaseServer;
  try {
    server = await startDatabaseServer(space.folder);
  } catch (cause) {
    space.remove();
    throw cause;
  }
  return {
    run: (seeds, onResult, how) => runInWorlds({ server, space, ...options, ...how }, seeds, onResult),
    async close() {
      await server.stop();
      space.remove();
    },
  };
}

/** What worlds stand on. */
interface Ground extends StageOptions {
  readonly server: DatabaseServer;
  readonly space: Space;
  readonly program?: string;
}

async function runInWorlds(ground: Ground, seeds: readonly number[], onResult: (result: SeedResult) => void): Promise<void> {
  let left = [...seeds];
  while (left.length > 0) {
    const world = await startWorld({ ...ground, seed: left[0] ?? 0 });
    try {
      left = await runInWorld(world, left, onResult, ground);
    } finally {
      await world.close();
    }
  }
}

/** Returns the seeds that are left: none, unless one failed. */
async function runInWorld(
  world: World,
  seeds: readonly number[],
  onResult: (result: SeedResult) => void,
  { evidenceDir, recoveryCapMs, stopsAtFailure = false }: StageOptions,
): Promise<number[]> {
  let progress = await openProgress(world);
  for (const [index, seed] of seeds.entries()) {
    const scenario = planScenario(seed);
    const run = await runSeed(world, scenario, progress, recoveryCapMs).catch((cause: unknown) => ({
      result: brokenResult(scenario.seed, cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)),
      progress,
    }));
    progress = run.progress;
    const isLast = index === seeds.length - 1;
    const result = isLast && run.result.status !== 'failed' ? await checkWorld(world, progress, run.result) : run.result;
    if (result.status === 'failed' && evidenceDir !== undefined) await saveEvidence(world, result, seeds.slice(0, index + 1), evidenceDir);
    onResult(result);
    if (result.status === 'failed') return stopsAtFailure ? [] : seeds.slice(index + 1);
  }
  return [];
}

/** At its end a world is compared whole, history included: nothing that was right once may have changed. */
async function checkWorld(world: World, { log, checkedTo }: Progress, result: SeedResult): Promise<SeedResult> {
  const series = await findSeries(world);
  const from = Math.min(...series.map(({ firstOpenTime }) => firstOpenTime ?? checkedTo)) as EpochMs;
  const whole = await checkRange(world, log, { from, to: checkedTo }, false);
  const found = whole.found.map((fault) => `in the whole world: ${fault}`);
  return found.length === 0 ? { ...result, compared: result.compared + whole.compared } : { ...result, status: 'failed', found };
}

async function saveEvidence(world: World, result: SeedResult, seeds: readonly number[], folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const evidence = {
    ...result,
    seedsOfThisWorld: seeds,
    faults: await (await fetch(`${world.sim.restUrl}/admin/faults`)).json(),
    ingest: world.ingest.logTail(300),
    database: world.server.logTail(100),
  };
  writeFileSync(join(folder, `seed-${result.seed}.json`), JSON.stringify(evidence, undefined, 2));
}
