import { addMs, HOUR_MS, toIso } from '@candlecast/domain';
import type { Browser, Page } from 'playwright-core';
import { findChromium, launchBrowser } from './browser.ts';
import { type EdgeSystem, startEdgeSystem } from './edge-system.ts';
import { seedPages } from './seed-pages.ts';

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** A replay that runs from a moment of the live part. */
export const RUNNING_REPLAY = '/replay?at=MOMENT&panes=BTCUSDT@1m';

/** Every page but the workspace: its address, its heading, the link that is marked. */
export const PAGES = [
  ['/markets', 'Markets', 'Markets'],
  ['/i/BTCUSDT', 'BTC/USDT', 'Markets'],
  ['/forecasts', 'Forecasts', 'Forecasts'],
  ['/models', 'Models', 'Models'],
  ['/models/MODEL', 'lstm', 'Models'],
  ['/replay', 'Replay', 'Replay'],
  ['/developers', 'Developers', 'Developers'],
  ['/status', 'Status', 'Status'],
  ['/about', 'About', 'About'],
] as const;

/** A system with something to see on every page, and a browser before it. */
export interface OpenPages {
  readonly system: EdgeSystem;
  /** Returns the address of a page; MODEL in it is the number of the trained model, MOMENT a time in the live part. */
  urlOf(path: string): string;
  open(path: string, options?: Parameters<Browser['newPage']>[0]): Promise<Page>;
  stop(): Promise<void>;
}

/** Starts system and browser. Needs an installed Chromium. */
export async function openPages(): Promise<OpenPages> {
  const system = await startEdgeSystem();
  await seedPages(system);
  const model = await system.database.prisma.model.findFirstOrThrow({ where: { name: 'lstm' } });
  const browser = await launchBrowser(findChromium() as string);
  const moment = toIso(addMs(system.liveSince, HOUR_MS));
  const urlOf = (path: string) => `${system.webUrl}${path.replace('/MODEL', `/${model.id}`).replace('MOMENT', moment)}`;
  return {
    system,
    urlOf,
    async open(path, options = {}) {
      const page = await browser.newPage({ viewport: DESK, ...options });
      await page.goto(urlOf(path));
      return page;
    },
    async stop() {
      await browser.close();
      await system.stop();
    },
  };
}

/** Waits until the page's socket is up. */
export async function connected(page: Page): Promise<void> {
  await page.locator('[data-testid="connection-state"][data-state="connected"]').waitFor({ timeout: 60_000 });
}
