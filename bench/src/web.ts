// `npm run bench:web`: the built web app in a real Chromium: what each page loads and how soon it can be read, how smoothly nine live charts run, and
// whether the page's heap grows. The gateway sends four updates of a candle a second at most to a page; a socket between the two asks for ten.
// `--minutes 10` is how long the heap is watched; `--only loads,frames,heap` leaves the others out. Ends with 1 when a figure lies below its floor.
import { parseArgs } from 'node:util';
import { createReport } from './measure/report.ts';
import { launchChromium } from './web/browser.ts';
import { measureFrames } from './web/measure-frames.ts';
import { measureHeap } from './web/measure-heap.ts';
import { measureLoads } from './web/measure-loads.ts';
import { openStage } from './web/stage.ts';

const UPDATES_A_SECOND = 10;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, only: { type: 'string', default: 'loads,frames,heap' } },
});
const parts = values.only.split(',');
const report = createReport();
const browser = await launchChromium();
if (!browser) {
  console.error('no Chromium on this machine: set CHROMIUM_PATH');
  process.exit(1);
}
const stage = await openStage(UPDATES_A_SECOND);
try {
  if (parts.includes('loads')) await measureLoads(report, browser, stage.webUrl);
  if (parts.includes('frames')) await measureFrames(report, browser, stage, UPDATES_A_SECOND);
  if (parts.includes('heap')) await measureHeap(report, browser, stage, Number.parseFloat(values.minutes));
} finally {
  await browser.close();
  await stage.stop();
}
process.exitCode = report.exitCode();
