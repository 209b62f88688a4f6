import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { brokenResult } from './broken-result.ts';
import type { SeedResult } from './run-seed.ts';
import type { ToWorker } from './worker.ts';

type FromWorker =
  | { readonly kind: 'done' }
  | { readonly kind: 'result'; readonly result: SeedResult }
  | { readonly kind: 'broken'; readonly reason: string };

/** Seeds that one world lives through. */
const BLOCK = 25;
/** A seed that takes longer has hung: its worker is ended and the seed has failed. */
const SEED_CAP_MS = 300_000;
const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Runs seeds with several workers and returns the results; `onResult` hears each, with the seeds of its world up to it. */
export async function runSeeds(options: {
  readonly seeds: readonly number[];
  readonly workers: number;
  readonly evidenceDir: string;
  readonly onResult: (result: SeedResult, worldSeeds: readonly number[]) => void;
}): Promise<SeedResult[]> {
  const blocks: number[][] = [];
  for (let at = 0; at < options.seeds.length; at += BLOCK) blocks.push(options.seeds.slice(at, at + BLOCK));
  const results: SeedResult[] = [];
  const report = (result: SeedResult, worldSeeds: readonly number[]) => {
    results.push(result);
    options.onResult(result, worldSeeds);
  };
  const count = Math.min(options.workers, blocks.length);
  await Promise.all(Array.from({ length: count }, () => work(blocks, options.evidenceDir, report)));
  return results;
}

/** Takes block after block; a worker that breaks or hangs fails its seed and is replaced. */
async function work(
  blocks: number[][],
  evidenceDir: string,
  report: (result: SeedResult, worldSeeds: readonly number[]) => void,
): Promise<void> {
  while (blocks.length > 0) {
    const child = startWorker(evidenceDir);
    const rest = await serve(child, blocks, report);
    if (rest.length > 0) blocks.unshift(rest);
  }
}

/** Returns the seeds of a block that a broken worker left behind. */
function serve(
  child: ChildProcess,
  blocks: number[][],
  report: (result: SeedResult, worldSeeds: readonly number[]) => void,
): Promise<number[]> {
  return new Promise((resolve) => {
    let block: number[] = [];
    let hasAsked = false;
    let worldSeeds: number[] = [];
    let timer: NodeJS.Timeout | undefined;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(`nothing came for ${SEED_CAP_MS / 1_000} s`), SEED_CAP_MS);
    };
    const finish = (rest: number[]) => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(rest);
    };
    const fail = (reason: string) => {
      const seed = block.shift();
      if (seed !== undefined) report(brokenResult(seed, reason), [...worldSeeds, seed]);
      child.removeAllListeners();
      child.once('exit', () => finish(block));
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
    };
    child.on('message', (message: FromWorker) => {
      watch();
      if (message.kind === 'result') {
        block.shift();
        worldSeeds.push(message.result.seed);
        report(message.result, worldSeeds);
        if (message.result.status === 'failed') worldSeeds = [];
      } else if (message.kind === 'broken') fail(message.reason);
      else {
        hasAsked = true;
        block = blocks.shift() ?? [];
        worldSeeds = [];
        if (block.length > 0) child.send({ kind: 'run', seeds: block } satisfies ToWorker);
        else {
          child.once('exit', () => finish([]));
          child.send({ kind: 'end' } satisfies ToWorker);
        }
      }
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      // One that ends before it has asked for work fails a seed all the same: else a worker that cannot start is started for ever.
      if (!hasAsked) block = blocks.shift() ?? [];
      const seed = block.shift();
      if (seed !== undefined) report(brokenResult(seed, `the worker ended with code ${code}`), [...worldSeeds, seed]);
      finish(block);
    });
    watch();
  });
}

/** A mount namespace of its own makes what a worker mounts go with it, even when it is killed. */
function startWorker(evidenceDir: string): ChildProcess {
  const command = [process.execPath, '--import', 'tsx', WORKER, evidenceDir];
  const canUnshare = process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'true']).status === 0;
  const [program = process.execPath, ...args] = canUnshare ? ['unshare', '--mount', ...command] : command;
  return spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}
