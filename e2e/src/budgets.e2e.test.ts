import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { type EdgeSystem, startEdgeSystem } from './edge-system.ts';
import { seedPages } from './seed-pages.ts';

const MOST_SHIFT = 0.1;
const DESK = { width: 1440, height: 900 };
/** Every page, and how many KB of scripts it may run to begin with. */
const PAGES: readonly (readonly [path: string, mostKb: number])[] = [
  ['/', 180],
  // A chart of the workspace, and everything else: what of it came to life late would jump.
  ['/i/BTCUSDT', 190],
  ...['/markets', '/forecasts', '/models', '/replay', '/developers', '/status', '/about'].map((path) => [path, 180] as const),
];
/** Sums how far things jumped; runs in the page. */
const WATCH = `window.__shift = 0;
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.__shift += value;
}).observe({ type: 'layout-shift', buffered: true });`;

describe.skipIf(!findChromium())('budgets of the pages, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let system: EdgeSystem;
  let browser: Browser;
  beforeAll(async () => {
    system = await startEdgeSystem();
    await seedPages(system);
    browser = await launchBrowser(findChromium() as string);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  it.each(PAGES)('%s runs at most %d KB of scripts to begin with, and nothing in it jumps', async (path, mostKb) => {
    const page = await browser.newPage({ viewport: DESK });
    await page.addInitScript({ content: WATCH });
    await page.goto(`${system.webUrl}${path}`);
    await page.locator('[data-testid="connection-state"][data-state="connected"]').waitFor({ state: 'attached', timeout: 60_000 });
    const html = await (await fetch(`${system.webUrl}${path}`)).text();
    const named = [...html.matchAll(/<script\b(?![^>]*\bnomodule\b)[^>]*\bsrc="([^"]+)"/gi)].map(([, source]) => source ?? '');
    const sizes = await Promise.all([...new Set(named)].map((source) => sizeOf(new URL(source, system.webUrl))));
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostKb * 1_000);
    expect(await page.evaluate<number>('window.__shift')).toBeLessThanOrEqual(MOST_SHIFT);
    await page.close();
  });
});

async function sizeOf(url: URL): Promise<number> {
  return gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
}
