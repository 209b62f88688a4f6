// `npm test`: generates, builds, runs every suite, lists what was skipped and why, and ends with one summed line.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** What must hold on every storage tier: the first suite runs it on plain PostgreSQL, among all else. */
const TIER_TESTS = ['packages/store/', 'packages/bus/src/postgres/'];
const SUITES = [
  { name: 'unit, contract and integration', config: 'vitest.config.ts' },
  {
    name: "storage on TimescaleDB's Apache edition",
    config: 'vitest.config.ts',
    files: TIER_TESTS,
    environment: { TEST_STORAGE_TIER: 'apache', TEST_DATABASE_URL: '' },
    findObstacle: findTimescaleObstacle,
  },
  {
    name: "storage on TimescaleDB's full edition",
    config: 'vitest.config.ts',
    files: TIER_TESTS,
    environment: { TEST_DATABASE_URL: process.env.TEST_TIMESCALE_URL },
    findObstacle: () => (process.env.TEST_TIMESCALE_URL ? undefined : 'TEST_TIMESCALE_URL names no server'),
  },
  { name: 'end to end', config: 'vitest.e2e.config.ts' },
];
const FAULT_SEEDS = 200;
const FAILURE_LINES = 30;
const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' };

run('build', ['turbo', 'run', 'generate', 'build', '--output-logs=errors-only']);

const folder = mkdtempSync(join(tmpdir(), 'candlecast-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, told again at the end: a long run's own output is far above by then. */
const failures = [];
try {
  for (const [index, suite] of SUITES.entries()) {
    const obstacle = suite.findObstacle?.();
    if (obstacle) {
      console.log(`skipped: ${suite.name}: ${obstacle}\n`);
      total.skipped += 1;
      continue;
    }
    const report = join(folder, `${index}.json`);
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const args = ['vitest', 'run', ...(suite.files ?? []), '--config', suite.config, ...reporters];
    const { status } = spawnSync('npx', args, { stdio: 'inherit', env: { ...environment, ...suite.environment } });
    add(suite.name, report, status);
  }
  runFaults(join(folder, 'faults.json'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const { suite, test, message } of failures) console.log(`FAILED  ${suite}: ${test}\n${message}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

function run(name, args) {
  const { status } = spawnSync('npx', args, { stdio: 'inherit', env: environment });
  if (status === 0) return;
  console.error(`${name} failed`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

/** Why this machine cannot have the embedded TimescaleDB, or undefined. */
function findTimescaleObstacle() {
  const args = ['--import', 'tsx', 'tools/prepare-timescale.ts'];
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  return status === 0 ? undefined : stdout.trim() || `the preparation ended with ${status}`;
}

/** Adds a suite's counts. A runner that ended badly without a failed test (a crash, a file that does not load) counts as one failure. */
function add(name, reportPath, status) {
  const report = readReport(reportPath);
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const failed = tests.filter((test) => test.status === 'failed').length;
  failures.push(...findFailures(name, report, status));
  for (const test of skipped) console.log(`skipped: ${test.fullName}`);
  total.passed += tests.filter((test) => test.status === 'passed').length;
  total.skipped += skipped.length;
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
  console.log(
    `${name}: ${tests.length - skipped.length - failed} passed, ${failed} failed, ${skipped.length} skipped${status === 0 ? '' : ` (runner ended with ${status})`}\n`,
  );
}

/** A line for each failed test, and for each file that failed as a whole (a hook, an import), with the first lines of what it said. */
function findFailures(suite, report, status) {
  const found = report.testResults.flatMap((file) => {
    const tests = file.assertionResults.filter((test) => test.status === 'failed');
    const messages = tests.map((test) => ({ test: test.fullName, message: test.failureMessages?.join('\n') }));
    if (tests.length === 0 && file.status === 'failed') messages.push({ test: 'the file as a whole', message: file.message });
    return messages.map(({ test, message }) => ({
      suite,
      test: `${relative(process.cwd(), file.name)} > ${test}`,
      message: firstLines(message),
    }));
  });
  if (found.length === 0 && status !== 0)
    found.push({ suite, test: 'the runner', message: `ended with ${status}; its own words are above` });
  return found;
}

function firstLines(text) {
  return (text ?? '').split('\n').slice(0, FAILURE_LINES).join('\n');
}

/** The fault matrix: as many seeds as `docs/reliability.md` says, each a test. */
function runFaults(report) {
  const args = ['--import', 'tsx', 'bench/src/faults/main.ts', '--seeds', `${FAULT_SEEDS}`, '--brief', '--report', report];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: environment });
  const counts = existsSync(report)
    ? JSON.parse(readFileSync(report, 'utf8'))
    : { passed: 0, failed: 0, skipped: 0, reasons: [], failures: [] };
  for (const reason of counts.reasons) console.log(`skipped: ${reason}`);
  total.passed += counts.passed;
  total.skipped += counts.skipped;
  total.failed += status !== 0 && counts.failed === 0 ? 1 : counts.failed;
  failures.push(...counts.failures.map((failure) => ({ suite: 'fault seeds', ...failure })));
  if (status !== 0 && counts.failed === 0) failures.push({ suite: 'fault seeds', test: 'the runner', message: `ended with ${status}` });
  console.log(
    `fault seeds: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped${status === 0 ? '' : ` (runner ended with ${status})`}\n`,
  );
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    console.error(`the runner left no report: ${cause.message}`);
    return { testResults: [] };
  }
}
