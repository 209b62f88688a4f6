import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import type { Report } from '../measure/report.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PROGRAM = join(ROOT, 'apps/ingest/src/testing/parse-rate.ts');

/** Measures ingest's own parser over recorded frames, in a process and on a core of its own. */
export function measureParseRate(report: Report): void {
  report.section('Frames, read and checked on one core');
  if (!hasTestData()) {
    report.skip('recorded frames', 'TEST_DATA_DIR is not there');
    return;
  }
  const printed = execFileSync(process.execPath, ['--import', 'tsx', PROGRAM, join(testDataDir(), 'ws')], { cwd: ROOT, encoding: 'utf8' });
  const rates = JSON.parse(printed) as Record<string, { frames: number; perSecond: number }>;
  for (const [kind, { frames, perSecond }] of Object.entries(rates)) {
    const goal = kind === 'mix' ? { atLeast: 100_000 } : undefined;
    report.figure({ what: `${kind}, ${frames} recorded frames`, value: perSecond, unit: 'frames/s', ...(goal && { goal }) });
  }
}
