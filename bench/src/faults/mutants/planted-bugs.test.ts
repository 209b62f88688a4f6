import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECOVERY_CAP_MS } from '../run/recovery.ts';
import type { SeedResult } from '../run/run-seed.ts';
import { openStage, type Stage } from '../run/run-worlds.ts';
import { planScenario } from '../run/scenario.ts';
import { buildPlanted } from './build-planted.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';

const INGEST = 'apps/ingest/src/main.ts';
/** A bug has to show within so many seeds of the faults that it is about. */
const SEEDS = 12;
/** A series that is broken for good stays so: nobody needs to wait long for it. What is merely late is no finding. */
const BROKEN_AFTER_MS = 8_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ stopsAtFailure: true, isSpaceLimited: false });
}, 120_000);
afterAll(() => stage.close(), 60_000);

describe('the fault runs', () => {
  it.each(PLANTED_BUGS)(
    'find $name',
    async (bug) => {
      const program = await buildPlanted(INGEST, bug);
      const results: SeedResult[] = [];
      await stage.run(seedsOf(bug.shots), (result) => results.push(result), {
        program,
        recoveryCapMs: bug.isForGood ? BROKEN_AFTER_MS : RECOVERY_CAP_MS,
      });
      const found = results.flatMap((result) => result.found);
      expect(
        found.filter((fault) => bug.finding.test(fault)),
        found.join('\n'),
      ).not.toEqual([]);
    },
    300_000,
  );

  it('refuse to plant what is not there', async () => {
    const edits = [{ file: 'apps/ingest/src/fleet.ts', find: 'no such line', replace: '' }];
    await expect(buildPlanted(INGEST, { name: 'nothing', edits })).rejects.toThrow('"no such line" 0 times');
  });
});

/** The first seeds under which one of the faults is fired. */
function seedsOf(names: readonly string[]): number[] {
  const seeds: number[] = [];
  for (let seed = 1; seeds.length < SEEDS; seed += 1) {
    if (planScenario(seed).shots.some(({ kind }) => names.includes(kind.name))) seeds.push(seed);
  }
  return seeds;
}
