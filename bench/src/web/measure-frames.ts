import type { Browser } from 'playwright-core';
import type { Report } from '../measure/report.ts';
import { pageTime, readObserved } from './observe-page.ts';
import { openNine } from './open-nine.ts';
import type { Stage } from './stage.ts';

const SETTLE_MS = 10_000;
const WATCH_MS = 20_000;

/** Counts the frames of nine live charts, and how long the page takes to show what was clicked. */
export async function measureFrames(report: Report, browser: Browser, stage: Stage, updatesASecond: number): Promise<void> {
  report.section(`nine charts at ${updatesASecond} updates a second each, 1920 × 1080, without a graphics card`);
  const page = await openNine(browser, stage);
  try {
    await page.waitForTimeout(SETTLE_MS);
    const [from, updates] = [await pageTime(page), stage.socket.updates()];
    const frames = await page.evaluate<number>(countFrames(WATCH_MS));
    const { longTasks } = await readObserved(page, from);
    const came = (stage.socket.updates() - updates) / (WATCH_MS / 1_000) / stage.market.symbols.length;
    report.figure({ what: 'updates of each chart', value: came, unit: '/s', goal: { atLeast: updatesASecond * 0.9 } });
    report.figure({ what: 'frames', value: frames, unit: '/s', goal: { atLeast: 55 } });
    report.figure({ what: `tasks over 50 ms in ${WATCH_MS / 1_000} s after load`, value: longTasks.length, unit: '', goal: { atMost: 0 } });
    report.figure({ what: 'the longest of them', value: Math.max(0, ...longTasks), unit: 'ms' });

    for (const interval of ['5m', '15m', '1h', '1m']) {
      await page.locator(`[data-testid="interval-0-${interval}"]`).click();
      await page.waitForTimeout(700);
    }
    for (const testId of ['more-1', 'layout-menu', 'sync-menu', 'open-indicators']) {
      await page.locator(`[data-testid="${testId}"]`).click();
      await page.waitForTimeout(500);
      await page.keyboard.press('Escape');
      await page.waitForTimeout(300);
    }
    const { slowestInteractionMs, layoutShift } = await readObserved(page);
    report.figure({
      what: 'slowest of eight interactions to its next paint',
      value: slowestInteractionMs,
      unit: 'ms',
      goal: { atMost: 200 },
    });
    report.figure({ what: 'cumulative layout shift since the visit began', value: layoutShift, unit: '', goal: { atMost: 0.1 } });
  } finally {
    await page.close();
  }
}

/** Runs in the page: returns frames a second. */
const countFrames = (watchMs: number) => `new Promise((resolve) => {
  const begin = performance.now();
  let count = 0;
  const next = () => {
    const passed = performance.now() - begin;
    if (passed >= ${watchMs}) return resolve((count / passed) * 1000);
    count += 1;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
})`;
