import assert from 'node:assert/strict';
import { eventually } from '@candlecast/testkit';
import type { Browser, Page } from 'playwright-core';
import { observePage } from './observe-page.ts';
import type { Stage } from './stage.ts';

const SCREEN = { width: 1920, height: 1080 };
const PATIENT_MS = 120_000;

/** Opens the workspace with nine live charts, each of another pair, and waits until all have drawn and moved. */
export async function openNine(browser: Browser, { webUrl, market, socket }: Stage): Promise<Page> {
  const page = await browser.newPage({ viewport: SCREEN });
  await observePage(page);
  const panes = market.symbols.map((symbol) => `${symbol}@1m`).join(',');
  await page.goto(`${webUrl}/?debug=1&v=1&layout=9&panes=${panes}`, { timeout: PATIENT_MS });
  await eventually(
    async () => assert.equal(await page.evaluate('window.__candlecast?.panes.every((pane) => pane.span() !== undefined)'), true),
    { timeoutMs: PATIENT_MS, intervalMs: 200 },
  );
  const before = socket.updates();
  while (socket.updates() < before + 100) await page.waitForTimeout(100);
  return page;
}
