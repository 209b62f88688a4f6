// `npm run bench:faults -- --seeds 200`: seeded faults against the built ingest and a real PostgreSQL, each seed compared with the truth of
// the simulated exchange. `--seed S` begins there (alone: runs that one), `--class F6` takes seeds of that class, `--workers W`,
// `--report FILE` leaves the counts and what failed as JSON, `--brief` prints failed seeds only.
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSeeds } from './run/crew.ts';
import { countResults, describeResult, summarise } from './run/report.ts';
import { planScenario } from './run/scenario.ts';
import { FAULT_CLASSES } from './shots/shot.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string' },
    class: { type: 'string' },
    workers: { type: 'string' },
    report: { type: 'string' },
    brief: { type: 'boolean', default: false },
  },
});
const first = readCount('seed', 1);
const wanted = readCount('seeds', values.seed === undefined ? 200 : 1);
const workers = readCount('workers', 2);
const faultClass = values.class;
if (faultClass !== undefined && !FAULT_CLASSES.some((name) => name === faultClass))
  refuse(`--class ${faultClass} is not one of ${FAULT_CLASSES.join(', ')}`);
if (!existsSync(fileURLToPath(new URL('../../../apps/ingest/dist/main.js', import.meta.url))))
  refuse('apps/ingest is not built: npm run build');

const seeds: number[] = [];
for (let seed = first; seeds.length < wanted; seed += 1) {
  if (faultClass === undefined || planScenario(seed).class === faultClass) seeds.push(seed);
}
const evidenceDir = join(tmpdir(), 'candlecast-fault-evidence');
const startedAt = performance.now();
const failures: { test: string; message: string }[] = [];
const results = await runSeeds({
  seeds,
  workers,
  evidenceDir,
  onResult(result, worldSeeds) {
    const lines = describeResult(result, worldSeeds);
    if (result.status === 'failed') failures.push({ test: `seed ${result.seed}`, message: lines.join('\n') });
    if (!values.brief || result.status === 'failed') console.log(lines.join('\n'));
  },
});
const isFailed = results.some(({ status }) => status === 'failed');
const compared = results.reduce((sum, result) => sum + result.compared, 0);
console.log(['', ...summarise(results), ''].join('\n'));
if (isFailed) console.log(`evidence of failures: ${evidenceDir}`);
console.log(`${seeds.length} seeds in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s, ${Math.round(compared)} candles compared`);
const counts = countResults(results);
console.log(`faults: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify({ ...counts, failures }));
process.exit(isFailed ? 1 : 0);

function readCount(name: 'seeds' | 'seed' | 'workers', fallback: number): number {
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
