import { readFileSync } from 'node:fs';
import { addMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import type { Browser, Download, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { type EdgeSystem, startEdgeSystem } from './edge-system.ts';

export const MINUTE_MS = 60_000;
export const PATIENT = { timeoutMs: 60_000 };
export const TWO = 'layout=2h&panes=BTCUSDT@1m,BTCUSDT@5m&active=1';
const DESK = { width: 1440, height: 900 };
/** Of the second pair: its minutes, and those that are missing. */
const MINUTES = 300;
export const HOLE = { from: 200, to: 207 };

interface Bar {
  readonly openTime: number;
  readonly open: number;
  readonly close: number;
}
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const barsOf = (page: Page, pane: number) => page.evaluate<Bar[]>(`window.__candlecast?.panes[${pane}]?.bars() ?? []`);
export const spanOf = (page: Page, pane: number) => page.evaluate<Span | undefined>(`window.__candlecast?.panes[${pane}]?.span()`);
export const addressOf = (page: Page) => new URL(page.url()).searchParams;

/** A workspace over a market of two pairs, the second of which has a hole. */
export interface OpenWorkspace {
  readonly system: EdgeSystem;
  /** The page that is open. */
  readonly page: Page;
  /** Opens another page in the place of the one before. */
  open(query: string, options?: Parameters<Browser['newPage']>[0]): Promise<Page>;
  /** Until a pane has its chart. */
  drawn(pane: number): Promise<void>;
  at(testId: string): Locator;
  inPane(pane: number, testId: string): Locator;
  chartOf(pane: number): Locator;
  /** What a click saves as a file. */
  saved(click: () => Promise<void>): Promise<Buffer>;
  stop(): Promise<void>;
}

/** Starts a system and a browser. */
export async function openWorkspace(): Promise<OpenWorkspace> {
  const system = await startEdgeSystem();
  const begin = addMs(system.end, -MINUTES * MINUTE_MS);
  const minutes = Array.from({ length: MINUTES }, (_, at) => system.minuteAt(addMs(begin, at * MINUTE_MS)));
  const id = await system.list('ETHUSDT', 'ETH', [...minutes.slice(0, HOLE.from), ...minutes.slice(HOLE.to)]);
  const hole = { from: addMs(begin, HOLE.from * MINUTE_MS), to: addMs(begin, HOLE.to * MINUTE_MS) };
  await system.writer.recordGap(id, hole, 'EXCHANGE_OUTAGE', system.end);
  const browser = await launchBrowser(findChromium() as string);
  let page: Page | undefined;
  const current = () => {
    if (!page) throw new Error('no page is open');
    return page;
  };
  const at = (testId: string) => current().locator(`[data-testid="${testId}"]`);
  const drawn = (pane: number) => eventually(async () => expect(await spanOf(current(), pane)).toBeDefined(), PATIENT);
  return {
    system,
    get page() {
      return current();
    },
    async open(query, options = {}) {
      await page?.close();
      page = await browser.newPage({ viewport: DESK, ...options });
      await page.goto(`${system.webUrl}/?debug=1&v=1&${query}`);
      await drawn(0);
      // Keys are followed from then on.
      await at('announcer').waitFor({ state: 'attached' });
      return page;
    },
    drawn,
    at,
    inPane: (pane, testId) => at(`pane-${pane}`).locator(`[data-testid="${testId}"]`),
    chartOf: (pane) => at(`pane-${pane}`).locator('[role="application"]'),
    async saved(click) {
      const waiting: Promise<Download> = current().waitForEvent('download');
      await click();
      return readFileSync(await (await waiting).path());
    },
    async stop() {
      await browser.close();
      await system.stop();
    },
  };
}
