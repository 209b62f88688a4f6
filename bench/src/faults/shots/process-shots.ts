import { spawnSync } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as fc from 'fast-check';
import { atCommit } from '../line/toxics.ts';
import type { World } from '../world/world.ts';
import { type ShotKind, shotKind, until, untilHit } from './shot.ts';

const downMs = fc.integer({ min: 0, max: 1_200 });

/** F1: ingest is killed with -9. F16: it runs out of memory or of files. */
export const PROCESS_SHOTS: readonly ShotKind[] = [
  shotKind({
    name: 'kill ingest at a random moment',
    class: 'F1',
    holds: ['process'],
    parameters: fc.record({ afterMs: fc.integer({ min: 0, max: 600 }), downMs }),
    async fire({ ingest }, { afterMs, downMs: pause }) {
      await delay(afterMs);
      await ingest.kill(pause);
      return 1;
    },
  }),
  shotKind({
    name: 'kill ingest in a transaction',
    class: 'F1',
    holds: ['process', 'database line'],
    parameters: fc.record({ nth: fc.integer({ min: 1, max: 6 }), side: fc.constantFrom('before' as const, 'after' as const), downMs }),
    async fire({ ingest, database }, { nth, side, downMs: pause }) {
      let killing: Promise<void> | undefined;
      const applied = database.apply(
        atCommit(nth, side, () => {
          killing = ingest.kill(pause);
        }),
      );
      const hits = await untilHit(() => applied.hits);
      await killing;
      applied.remove();
      return hits;
    },
  }),
  shotKind({
    name: 'kill ingest in a backfill',
    class: 'F1',
    holds: ['process'],
    parameters: fc.record({ pages: fc.integer({ min: 1, max: 2 }), extraMs: fc.integer({ min: 0, max: 40 }), downMs }),
    fire: killInBackfill,
  }),
  shotKind({
    name: 'kill ingest again while it starts',
    class: 'F1',
    holds: ['process'],
    parameters: fc.record({ afterMs: fc.array(fc.integer({ min: 50, max: 1_500 }), { minLength: 1, maxLength: 3 }) }),
    async fire({ ingest }, { afterMs }) {
      await ingest.kill(0);
      for (const wait of afterMs) {
        await delay(wait);
        await ingest.kill(0);
      }
      return 1 + afterMs.length;
    },
  }),
  shotKind({
    name: 'no memory',
    class: 'F16',
    holds: ['process'],
    parameters: fc.record({ heapMb: fc.integer({ min: 8, max: 14 }) }),
    async fire({ ingest }, { heapMb }) {
      ingest.vary({ nodeOptions: [`--max-old-space-size=${heapMb}`, '--max-semi-space-size=1'] });
      ingest.tolerateEnds(true);
      await ingest.kill(0);
      const { current, starts } = ingest;
      // It dies of its cap (SIGABRT), at the start or a little later; the supervisor starts the next one without.
      const hits = await untilHit(() => (current.end?.signal === 'SIGABRT' ? 1 : 0));
      ingest.vary({ nodeOptions: [] });
      if (hits === 0) await ingest.kill(0);
      else await ingest.untilStarted(starts);
      // The one that started meanwhile may have had the cap still.
      await until(() => ingest.current.end === undefined, 'ingest runs again');
      await ingest.kill(0);
      ingest.tolerateEnds(false);
      return hits;
    },
  }),
  shotKind({
    name: 'no files left',
    class: 'F16',
    holds: ['process', 'stream', 'database line'],
    parameters: fc.record({ spare: fc.integer({ min: 0, max: 2 }), ms: fc.integer({ min: 500, max: 2_500 }) }),
    obstacle: () => (spawnSync('prlimit', ['--version']).status === 0 ? undefined : 'prlimit (util-linux) is not installed'),
    async fire({ ingest, exchange, database }, { spare, ms }) {
      const { current } = ingest;
      const pid = `${current.pid}`;
      // Files that are no connections stay; of the places below the limit only `spare` are free once all connections are cut.
      const places = readdirSync(`/proc/${pid}/fd`).map((name) => Number.parseInt(name, 10));
      const kept = places.filter((place) => !isSocket(pid, place));
      const hard = spawnSync('prlimit', ['--pid', pid, '--nofile', '--noheadings', '--output=HARD'], { encoding: 'utf8' }).stdout.trim();
      limitFiles(pid, placeAfter(kept, spare), hard);
      exchange.cut('rst');
      database.cut('rst');
      const mentions = () => current.log.filter((line) => line.includes('EMFILE')).length;
      const hits = await untilHit(mentions, 1, 10_000);
      await delay(ms);
      if (!current.end) limitFiles(pid, Number.parseInt(hard, 10), hard);
      return hits;
    },
  }),
];

/** The lowest place below which only `spare` places are free. */
function placeAfter(kept: readonly number[], spare: number): number {
  let free = 0;
  for (let place = 0; ; place += 1) {
    if (kept.includes(place)) continue;
    if (free === spare) return place;
    free += 1;
  }
}

function isSocket(pid: string, place: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/fd/${place}`).startsWith('socket:');
  } catch {
    return true; // closed meanwhile
  }
}

function limitFiles(pid: string, soft: number, hard: string): void {
  const { status, stderr } = spawnSync('prlimit', ['--pid', pid, `--nofile=${soft}:${hard}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`prlimit: ${stderr}`);
}

/** A new pair joins; ingest is killed when so many pages of its history were requested. Without a new pair the last one starts anew. */
async function killInBackfill(
  world: World,
  { pages, extraMs, downMs: pause }: { pages: number; extraMs: number; downMs: number },
): Promise<number> {
  const { ingest, requests } = world;
  const joining = world.trackMore();
  if (joining === undefined) {
    await ingest.kill(pause);
    return 1;
  }
  const seen = requests.length;
  const requested = () => requests.slice(seen).filter(({ path }) => path.includes('klines') && path.includes(`symbol=${joining}`)).length;
  await ingest.kill(0);
  const hits = await untilHit(requested, pages);
  await delay(extraMs);
  await ingest.kill(pause);
  return hits;
}
