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
const SOCKET_CUTS = 200;
/** Real minutes of a live system whose forecasters are killed, at a speed at which some of its forecasts mature. */
const LIVE = ['--minutes', '1', '--speed', '30', '--instruments', '3', '--history-days', '8'];
const FAILURE_LINES = 30;
const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' };

run('build', ['turbo', 'run', 'generate', 'build', '--output-logs=errors-only']);

const folder = mkdtempSync(join(tmpdir(), 'candlecast-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, told again at the end: a long run's own output is far above by then. */
const failures = [];
/** What failed beside the other tests and passed when its file ran alone: a defect of the test or of what it tests, and told as one. */
const unstable = [];
try {
  for (const [index, suite] of SUITES.entries()) {
    const obstacle = suite.findObstacle?.();
    if (obstacle) {
      console.log(`skipped: ${suite.name}: ${obstacle}\n`);
      total.skipped += 1;
      continue;
    }
    add(suite, runSuite(suite, suite.files ?? [], join(folder, `${index}.json`)), join(folder, `${index}-again.json`));
  }
  runHarness('fault seeds', ['bench/src/faults/main.ts', '--seeds', `${FAULT_SEEDS}`], join(folder, 'faults.json'));
  runHarness('socket cuts', ['bench/src/chaos.ts', '--cuts', `${SOCKET_CUTS}`], join(folder, 'cuts.json'));
  runHarness('live forecasts', ['bench/src/live.ts', ...LIVE], join(folder, 'live.json'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const { suite, test, message } of unstable) console.log(`UNSTABLE  ${suite}: ${test}: failed once, passed alone\n${message}\n`);
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

/** Runs the suite's tests in `files`, all when there are none, and returns what became of them. */
function runSuite(suite, files, reportPath) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const args = ['vitest', 'run', ...files, '--config', suite.config, ...reporters];
  const { status } = spawnSync('npx', args, { stdio: 'inherit', env: { ...environment, ...suite.environment } });
  const report = readReport(reportPath);
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  return { status, tests, failures: findFailures(suite.name, report, status) };
}

/** Adds a suite's counts. A runner that ended badly without a failed test (a crash) counts as one failure. */
function add(suite, { status, tests, failures: found }, againPath) {
  const files = [...new Set(found.flatMap(({ file }) => file ?? []))];
  const again = files.length > 0 ? runSuite(suite, files, againPath).failures : [];
  const isStill = ({ test, file }) => file === undefined || again.some((other) => other.test === test || other.file === undefined);
  const failed = found.filter(isStill);
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const passed = tests.filter((test) => test.status === 'passed').length + found.length - failed.length;
  for (const test of skipped) console.log(`skipped: ${test.fullName}`);
  failures.push(...failed);
  unstable.push(...found.filter((failure) => !isStill(failure)));
  total.passed += passed;
  total.skipped += skipped.length;
  total.failed += failed.length;
  console.log(
    `${suite.name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped${status === 0 ? '' : ` (runner ended with ${status})`}\n`,
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
      file: file.name,
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

/** Runs a harness of `docs/reliability.md`, which leaves its counts and what failed as JSON. */
function runHarness(suite, program, report) {
  const args = ['--import', 'tsx', ...program, '--brief', '--report', report];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: environment });
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { passed: 0, skipped: 0, reasons: [], failures: [] };
  for (const reason of counts.reasons) console.log(`skipped: ${reason}`);
  total.passed += counts.passed;
  total.skipped += counts.skipped;
  const found = counts.failures.map((failure) => ({ suite, ...failure }));
  if (found.length === 0 && status !== 0) found.push({ suite, test: 'the runner', message: `ended with ${status}` });
  failures.push(...found);
  total.failed += found.length;
  console.log(
    `${suite}: ${counts.passed} passed, ${found.length} failed, ${counts.skipped} skipped${status === 0 ? '' : ` (runner ended with ${status})`}\n`,
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
