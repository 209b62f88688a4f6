import type { Browser, CDPSession } from 'playwright-core';
import type { Report } from '../measure/report.ts';
import { openNine } from './open-nine.ts';
import type { Stage } from './stage.ts';

const WARM_UP_MS = 30_000;
const MINUTE_MS = 60_000;
const MB = 1_000_000;

/** Prints the live heap of nine charts before and after some minutes, each time after the collector has run. */
export async function measureHeap(report: Report, browser: Browser, stage: Stage, minutes: number): Promise<void> {
  report.section(`the page’s heap with nine live charts, after its garbage was collected`);
  const page = await openNine(browser, stage);
  try {
    await page.waitForTimeout(WARM_UP_MS);
    const session = await page.context().newCDPSession(page);
    const before = await readHeap(session);
    await page.waitForTimeout(minutes * MINUTE_MS);
    const after = await readHeap(session);
    report.figure({ what: 'heap half a minute after the visit began', value: before.bytes / MB, unit: 'MB' });
    report.figure({ what: `heap ${minutes} minutes later`, value: after.bytes / MB, unit: 'MB' });
    report.figure({ what: 'later ÷ before', value: after.bytes / before.bytes, unit: '', goal: { atMost: 1.1, floor: 1.25 } });
    report.figure({
      what: 'nodes of the page, later − before',
      value: after.nodes - before.nodes,
      unit: '',
      goal: { atMost: 100, floor: 500 },
    });
  } finally {
    await page.close();
  }
}

async function readHeap(session: CDPSession): Promise<{ readonly bytes: number; readonly nodes: number }> {
  // What the first run finds may hold what the second can free.
  for (let run = 0; run < 2; run += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  return { bytes: usedSize, nodes };
}
