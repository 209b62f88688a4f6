// `npm run bench:chaos -- --cuts 10000`: clients whose sockets are cut, before two built gateways, with a built ingest, a real PostgreSQL and
// the simulated exchange behind them; at the end everything that each was given is compared with the log, and the log with the truth.
// `--seed S` begins there, `--report FILE` leaves the counts and what failed as JSON, `--brief` prints failed runs and the summary only.
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openStand } from './chaos/run/open-stand.ts';
import { describeRun, summarise } from './chaos/run/report.ts';
import type { ChaosResult } from './chaos/run/run-chaos.ts';

/** Cuts that one world lives through; more are made in several, with a seed each. */
const CUTS_A_WORLD = 2_500;

const { values } = parseArgs({
  options: {
    cuts: { type: 'string' },
    seed: { type: 'string' },
    report: { type: 'string' },
    brief: { type: 'boolean', default: false },
  },
});
const wanted = readCount('cuts', 200);
const first = readCount('seed', 1);
for (const app of ['ingest', 'gateway'])
  if (!existsSync(fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url))))
    refuse(`apps/${app} is not built: npm run build`);

const evidenceDir = join(tmpdir(), 'candlecast-chaos-evidence');
const stand = await openStand(evidenceDir);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stand.close().finally(() => process.exit(1)));
const results: ChaosResult[] = [];
const failures: { test: string; message: string }[] = [];
const startedAt = performance.now();
try {
  for (let seed = first, left = wanted; left > 0; seed += 1, left -= CUTS_A_WORLD) {
    const cuts = Math.min(left, CUTS_A_WORLD);
    const result = await stand.run({ seed, cuts });
    results.push(result);
    const lines = describeRun(result, cuts);
    if (result.found.length > 0) failures.push({ test: `seed ${seed}`, message: lines.join('\n') });
    if (!values.brief || result.found.length > 0) console.log(lines.join('\n'));
  }
} catch (cause) {
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  failures.push({ test: `seed ${first + results.length}`, message });
  console.error(message);
} finally {
  await stand.close();
}
if (failures.length > 0) console.log(`evidence of failures: ${evidenceDir}`);
console.log(['', ...summarise(results), ''].join('\n'));
const passed = results.filter(({ found }) => found.length === 0).length;
console.log(`${((performance.now() - startedAt) / 1_000).toFixed(0)} s; socket cuts: ${passed} passed, ${failures.length} failed`);
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ passed, skipped: 0, reasons: [], failures }));
process.exit(failures.length > 0 ? 1 : 0);

function readCount(name: 'cuts' | 'seed', fallback: number): number {
  const text = values[name];
  if (text === undefined) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (value < 1) refuse(`--${name} ${text} is not a whole number above 0`);
  return value;
}

function refuse(problem: string): never {
  console.error(problem);
  process.exit(2);
}
