// `npm test`: generates, builds, runs every suite, lists what was skipped and why, and ends with one summed line.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SUITES = [
  { name: 'unit, contract and integration', config: 'vitest.config.ts' },
  { name: 'end to end', config: 'vitest.e2e.config.ts' },
];
const environment = { ...process.env, TURBO_TELEMETRY_DISABLED: '1', NEXT_TELEMETRY_DISABLED: '1' };

run('build', ['turbo', 'run', 'generate', 'build', '--output-logs=errors-only']);

const folder = mkdtempSync(join(tmpdir(), 'candlecast-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
try {
  for (const [index, suite] of SUITES.entries()) {
    const report = join(folder, `${index}.json`);
    const args = ['vitest', 'run', '--config', suite.config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const { status } = spawnSync('npx', args, { stdio: 'inherit', env: environment });
    add(suite.name, report, status);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 ? 1 : 0);

function run(name, args) {
  const { status } = spawnSync('npx', args, { stdio: 'inherit', env: environment });
  if (status === 0) return;
  console.error(`${name} failed`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

/** Adds a suite's counts. A runner that ended badly without a failed test (a crash, a file that does not load) counts as one failure. */
function add(name, reportPath, status) {
  const report = readReport(reportPath);
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const failed = tests.filter((test) => test.status === 'failed').length;
  for (const test of skipped) console.log(`skipped: ${test.fullName}`);
  total.passed += tests.filter((test) => test.status === 'passed').length;
  total.skipped += skipped.length;
  total.failed += status !== 0 && failed === 0 ? 1 : failed;
  console.log(
    `${name}: ${tests.length - skipped.length - failed} passed, ${failed} failed, ${skipped.length} skipped${status === 0 ? '' : ` (runner ended with ${status})`}\n`,
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
