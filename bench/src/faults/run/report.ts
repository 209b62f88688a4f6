import { FAULT_CLASSES } from '../shots/shot.ts';
import type { SeedResult } from './run-seed.ts';

/** Returns the lines that tell what became of a seed; a failure names how to run it again. */
export function describeResult(result: SeedResult, worldSeeds: readonly number[]): string[] {
  const { seed, status, scenario, strikes, recoveryMs, wallMs, found } = result;
  const hits = strikes.map(({ hits: count, obstacle }) => obstacle ?? `${count} hit`).join(', ');
  const line = `${status.padEnd(7)} ${String(seed).padStart(5)}  ${(wallMs / 1_000).toFixed(1).padStart(5)} s, recovered in ${(recoveryMs / 1_000).toFixed(1)} s, ${hits}  ${scenario}`;
  if (status !== 'failed') return [line];
  const first = worldSeeds[0] ?? seed;
  return [
    line,
    ...found.map((fault) => `          ${fault}`),
    `          replay: npm run bench:faults -- --seed ${seed}`,
    ...(first < seed
      ? [
          `          replay with what the world had seen before: npm run bench:faults -- --seed ${first} --seeds ${seed - first + 1} --workers 1`,
        ]
      : []),
  ];
}

/** Returns the summary by class: seeds, events hit, recovery. */
export function summarise(results: readonly SeedResult[]): string[] {
  const head = 'class  passed  failed  skipped  events hit  recovered in s: median  p95   max';
  const rows = FAULT_CLASSES.map((name) => ({ name, own: results.filter((result) => result.class === name) }))
    .filter(({ own }) => own.length > 0)
    .map(({ name, own }) => {
      const count = (status: SeedResult['status']) => own.filter((result) => result.status === status).length;
      const hits = own.flatMap(({ strikes }) => strikes).reduce((sum, { hits: each }) => sum + each, 0);
      const times = own
        .filter(({ status }) => status === 'passed')
        .map(({ recoveryMs }) => recoveryMs / 1_000)
        .sort((a, b) => a - b);
      const at = (share: number) => (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(1);
      return `${name.padEnd(5)} ${pad(count('passed'), 7)} ${pad(count('failed'), 7)} ${pad(count('skipped'), 8)} ${pad(hits, 11)} ${at(0.5).padStart(23)} ${at(0.95).padStart(5)} ${at(1).padStart(5)}`;
    });
  return [head, ...rows, '', ...byFault(results)];
}

/** Each fault with how often it was fired and what it hit. */
function byFault(results: readonly SeedResult[]): string[] {
  const faults = new Map<string, { fired: number; hits: number; obstacle: string | undefined }>();
  for (const { name, hits, obstacle } of results.flatMap(({ strikes }) => strikes)) {
    const entry = faults.get(name) ?? { fired: 0, hits: 0, obstacle };
    faults.set(name, {
      fired: entry.fired + (obstacle === undefined ? 1 : 0),
      hits: entry.hits + hits,
      obstacle: obstacle ?? entry.obstacle,
    });
  }
  return [...faults].map(([name, { fired, hits, obstacle }]) =>
    fired === 0 ? `skipped: ${name}: ${obstacle}` : `${pad(fired, 5)} times  ${pad(hits, 6)} events  ${name}`,
  );
}

/** Counts seeds by what became of them, and tells why some could not be run here. */
export function countResults(results: readonly SeedResult[]): {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly reasons: readonly string[];
} {
  const count = (status: SeedResult['status']) => results.filter((result) => result.status === status).length;
  const skipped = results.filter(({ status }) => status === 'skipped');
  const reasons = skipped.flatMap(({ strikes }) => strikes.map(({ name, obstacle }) => `${name}: ${obstacle}`));
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), reasons: [...new Set(reasons)] };
}

function pad(value: number, width: number): string {
  return String(value).padStart(width);
}
