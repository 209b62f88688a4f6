import { setTimeout as delay } from 'node:timers/promises';
import type { EpochMs } from '@candlecast/domain';
import { checkLog, type LogState, readLogState } from '../checks/check-log.ts';
import { checkRollups } from '../checks/check-rollups.ts';
import { compareCandles } from '../checks/compare-candles.ts';
import { findNewest, findSeries } from '../checks/stored.ts';
import type { FaultClass } from '../shots/shot.ts';
import type { World } from '../world/world.ts';
import { RECOVERY_CAP_MS, untilRecovered } from './recovery.ts';
import { describeScenario, type PlannedShot, type Scenario } from './scenario.ts';

/** What became of one seed. */
export interface SeedResult {
  readonly seed: number;
  readonly class: FaultClass;
  readonly scenario: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** Each fault with how many events it hit, or why it cannot be run here. */
  readonly strikes: readonly { readonly name: string; readonly hits: number; readonly obstacle?: string }[];
  /** From the end of the last fault until every series was live and complete again. */
  readonly recoveryMs: number;
  readonly wallMs: number;
  /** 1m candles that were compared with the truth. */
  readonly compared: number;
  readonly found: readonly string[];
}

/** How far a world has been checked. */
export interface Progress {
  readonly log: LogState;
  readonly checkedTo: EpochMs;
}

const SHOWN = 20;
const RESTATEMENT_CAP_MS = 20_000;

/** Waits until a new world is live; seeds are run from there on. */
export async function openProgress(world: World): Promise<Progress> {
  const { found } = await untilRecovered(world, RECOVERY_CAP_MS);
  if (found.length > 0) throw new Error(`the world does not come to life: ${found.join('; ')}\n${world.ingest.logTail(20).join('\n')}`);
  const series = await findSeries(world);
  return { log: await readLogState(world), checkedTo: Math.min(...series.map(({ liveSince }) => liveSince ?? 0)) as EpochMs };
}

/** Does to the world what the scenario says, waits until it has recovered, and checks everything since the last seed. */
export async function runSeed(
  world: World,
  scenario: Scenario,
  progress: Progress,
  recoveryCapMs: number = RECOVERY_CAP_MS,
): Promise<{ readonly result: SeedResult; readonly progress: Progress }> {
  const startedAt = performance.now();
  const ends = world.ingest.unexpectedEnds.length;
  const strikes = await Promise.all(scenario.shots.map((shot) => strike(world, shot)));
  const struckAt = performance.now();
  const isSkipped = strikes.every(({ obstacle }) => obstacle !== undefined);
  const found = strikes.flatMap(({ name, hits, obstacle, fault }) =>
    fault !== undefined ? [`${name}: ${fault}`] : obstacle === undefined && hits === 0 ? [`${name}: hit nothing`] : [],
  );
  const { completeTo, found: unrecovered } = await untilRecovered(world, recoveryCapMs);
  const recoveryMs = performance.now() - struckAt;
  found.push(...unrecovered, ...world.ingest.unexpectedEnds.slice(ends).map((end) => `ingest ended by itself: ${end}`));
  const isStrict = scenario.shots.every(({ kind }) => !kind.restates);
  const range = { from: progress.checkedTo, to: completeTo };
  let checked = await checkRange(world, progress.log, range, isStrict);
  for (const deadline = performance.now() + RESTATEMENT_CAP_MS; !isStrict && checked.found.length > 0 && performance.now() < deadline; ) {
    await delay(200);
    checked = await checkRange(world, progress.log, range, isStrict);
  }
  found.push(...checked.found);
  if (unrecovered.length > 0) found.unshift(...(await findHoles(world, completeTo)));
  const result: SeedResult = {
    seed: scenario.seed,
    class: scenario.class,
    scenario: describeScenario(scenario),
    status: found.length > 0 ? 'failed' : isSkipped ? 'skipped' : 'passed',
    strikes: strikes.map(({ name, hits, obstacle }) => ({ name, hits, ...(obstacle !== undefined && { obstacle }) })),
    recoveryMs,
    wallMs: performance.now() - startedAt,
    compared: checked.compared,
    found: found.slice(0, SHOWN),
  };
  return { result, progress: { log: checked.log, checkedTo: completeTo } };
}

/** What is wrong beyond the last complete minute, up to what is stored: a minute that is missing there has been passed over. */
async function findHoles(world: World, completeTo: EpochMs): Promise<string[]> {
  const found: string[] = [];
  for (const symbol of world.symbols) {
    const newest = await findNewest(world, symbol);
    if (newest !== undefined && newest > completeTo) found.push(...(await compareCandles(world, symbol, { from: completeTo, to: newest })));
  }
  return found;
}

/** Checks a range of all series against the truth, their roll-ups against their minutes, and what was logged since `log`. */
export async function checkRange(
  world: World,
  log: LogState,
  range: { readonly from: EpochMs; readonly to: EpochMs },
  isStrict: boolean,
): Promise<{ readonly found: string[]; readonly compared: number; readonly log: LogState }> {
  const found: string[] = [];
  if (range.to > range.from) {
    for (const symbol of world.symbols) found.push(...(await compareCandles(world, symbol, range)));
    found.push(...(await checkRollups(world, range)));
  }
  const checked = await checkLog(world, log, range, isStrict);
  return { found: [...found, ...checked.found], compared: (world.symbols.length * (range.to - range.from)) / 60_000, log: checked.after };
}

async function strike(
  world: World,
  { kind, parameters, afterMs }: PlannedShot,
): Promise<{ name: string; hits: number; obstacle?: string; fault?: string }> {
  const { name } = kind;
  const obstacle = kind.obstacle?.(world);
  if (obstacle !== undefined) return { name, hits: 0, obstacle };
  await delay(afterMs);
  try {
    return { name, hits: await kind.fire(world, parameters) };
  } catch (cause) {
    return { name, hits: 0, fault: cause instanceof Error ? cause.message : String(cause) };
  }
}
