import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import type { Report } from '../measure/report.ts';
import { observePage, readObserved } from './observe-page.ts';

const ROUTES = ['/', '/i/BTCUSDT', '/markets', '/forecasts', '/models', '/replay', '/about', '/developers', '/status'];
const DESK = { width: 1440, height: 900 };
const RUNS = 3;
/** What is loaded after the page can be read is there by then. */
const SETTLE_MS = 4_000;
const KB = 1_000;

/** Opens every page in a fresh browser and prints how much it loads and how soon it can be read. */
export async function measureLoads(report: Report, browser: Browser, webUrl: string): Promise<void> {
  for (const route of ROUTES) {
    report.section(`${route}, median of ${RUNS} first visits`);
    // The workspace's budget is a hard one: bytes are the same on every machine.
    const goal = route === '/' ? { atMost: 180, floor: 180 } : { atMost: 180 };
    report.figure({ what: 'first-load JavaScript, gzip', value: (await sumScripts(`${webUrl}${route}`)) / KB, unit: 'KB', goal });
    const visits: Awaited<ReturnType<typeof visit>>[] = [];
    for (let run = 0; run < RUNS; run += 1) visits.push(await visit(browser, `${webUrl}${route}`));
    const median = (of: (each: (typeof visits)[number]) => number) =>
      visits.map(of).sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
    report.figure({ what: 'all JavaScript that a visit loads, gzip', value: median(({ scriptBytes }) => scriptBytes) / KB, unit: 'KB' });
    report.figure({
      what: 'largest contentful paint',
      value: median(({ largestPaintMs }) => largestPaintMs),
      unit: 'ms',
      goal: { atMost: 2_500 },
    });
    report.figure({ what: 'cumulative layout shift', value: median(({ layoutShift }) => layoutShift), unit: '', goal: { atMost: 0.1 } });
    report.figure({ what: 'total blocking time', value: median(({ blockedMs }) => blockedMs), unit: 'ms', goal: { atMost: 200 } });
  }
}

/** Sums the scripts that the page's own text has the browser run, without those for old browsers. */
async function sumScripts(url: string): Promise<number> {
  const html = await (await fetch(url)).text();
  const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag).filter((tag) => !/\bnomodule\b/i.test(tag));
  const addresses = new Set(scripts.flatMap((tag) => /\bsrc="([^"]+)"/.exec(tag)?.[1] ?? []));
  const sizes = await Promise.all(
    [...addresses].map(async (address) => gzipSync(Buffer.from(await (await fetch(new URL(address, url))).arrayBuffer())).length),
  );
  if (sizes.length === 0) throw new Error(`${url} names no script`);
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function visit(browser: Browser, url: string) {
  const page = await browser.newPage({ viewport: DESK });
  try {
    await observePage(page);
    const scripts: Promise<number>[] = [];
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        scripts.push(
          response.body().then(
            (body) => gzipSync(body).length,
            () => 0,
          ),
        );
    });
    await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
    await page.waitForTimeout(SETTLE_MS);
    const seen = await readObserved(page);
    return { ...seen, scriptBytes: (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0) };
  } finally {
    await page.close();
  }
}
