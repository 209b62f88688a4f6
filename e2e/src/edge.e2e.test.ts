import { addMs, toDecimal } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { type EdgeSystem, startEdgeSystem } from './edge-system.ts';

const MINUTE_MS = 60_000;
const PATIENT = { timeoutMs: 60_000 };
const PAGE = '/?debug=1&v=1&panes=BTCUSDT@1m,BTCUSDT@5m,BTCUSDT@15m,BTCUSDT@1h&active=1';

interface Bar {
  readonly openTime: number;
  readonly high: number;
}

const barsOf = (page: Page) => page.evaluate<Bar[]>('window.__candlecast ? window.__candlecast.panes[0].bars() : []');
const nameOf = (request: Request) => new URL(request.url()).searchParams.get('operationName');

describe.skipIf(!findChromium())('history at the edge, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let system: EdgeSystem;
  let browser: Browser;

  beforeAll(async () => {
    system = await startEdgeSystem();
    browser = await launchBrowser(findChromium() as string);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  async function open(page: Page): Promise<void> {
    await page.goto(`${system.webUrl}${PAGE}`);
    await eventually(async () => expect((await barsOf(page)).length).toBeGreaterThan(480), PATIENT);
  }
  async function connected(page: Page): Promise<void> {
    await page.locator('[data-testid="connection-state"][data-state="connected"]').waitFor({ timeout: 60_000 });
  }

  async function showOlder(page: Page, openTime: number): Promise<void> {
    await page.locator('[data-testid="pane-0"] [role="application"]').focus();
    await eventually(async () => {
      await page.keyboard.press('Home');
      expect((await barsOf(page))[0]?.openTime).toBeLessThanOrEqual(openTime);
    }, PATIENT);
  }

  it('is read in chunks by GET, each under the address of its revision', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const asked: Request[] = [];
    page.on('request', (request) => void (request.url().includes('/graphql') && asked.push(request)));
    await open(page);
    await connected(page);
    await showOlder(page, addMs(system.liveSince, -MINUTE_MS));
    const bars = await barsOf(page);
    for (const [index, { openTime }] of bars.entries()) expect(openTime).toBe((bars[0]?.openTime ?? 0) + index * MINUTE_MS);
    const chunks = asked.filter((request) => nameOf(request) === 'Chunk');
    expect(chunks.length).toBeGreaterThan(0);
    for (const request of chunks) {
      expect(request.method()).toBe('GET');
      expect(request.url()).not.toContain('query=');
      const answer = await request.response();
      expect(await answer?.headerValue('cache-control')).toBe('public, max-age=31536000, s-maxage=31536000, immutable');
      expect(await answer?.headerValue('set-cookie')).toBeNull();
    }
    await page.close();
  });

  it('shows a correction of a live candle, and of one behind the live part', async () => {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await open(page);
    await connected(page);
    const live = addMs(system.end, -30 * MINUTE_MS);
    const old = addMs(system.liveSince, -5 * MINUTE_MS);
    await showOlder(page, old);
    const correct = async (
      openTime: typeof live,
      high: number,
      commit: (candle: ReturnType<EdgeSystem['minuteAt']>) => Promise<unknown>,
    ) => {
      const startedAt = performance.now();
      await commit(system.minuteAt(openTime, { high: toDecimal(`${high}`), tradeCount: 100 }));
      await eventually(async () => expect((await barsOf(page)).find((bar) => bar.openTime === openTime)?.high).toBe(high), PATIENT);
      console.log(`a correction is visible after ${Math.round(performance.now() - startedAt)} ms`);
    };
    await correct(live, 90_000, (candle) => system.writer.commitClosed([{ instrumentId: system.id, candles: [candle] }], system.end));
    await correct(old, 80_000, (candle) => system.writer.commitHistory({ instrumentId: system.id, candles: [candle] }, system.end));
    // Whoever comes now is rendered with it.
    const html = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await open(html);
    expect((await barsOf(html)).find(({ openTime }) => openTime === live)?.high).toBe(90_000);
    await Promise.all([page.close(), html.close()]);
  });

  it('opens its socket with a token of the visitor, and with a new one when that has ended', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const tokens: string[] = [];
    await page.routeWebSocket(/\/graphql$/, (socket) => {
      const gateway = socket.connectToServer();
      socket.onMessage((message) => {
        const { type, payload } = JSON.parse(`${message}`) as { type: string; payload?: Record<string, string> };
        if (type === 'connection_init') tokens.push(payload?.['x-candlecast-workspace'] ?? 'none');
        gateway.send(message);
      });
      gateway.onMessage((message) => {
        socket.send(message);
        const isFirst = tokens.length === 1;
        if (isFirst && `${message}`.includes('"next"')) void socket.close({ code: 4403, reason: 'The credentials have ended' });
      });
    });
    await open(page);
    await eventually(() => expect(tokens).toHaveLength(2), PATIENT);
    await connected(page);
    const workspaces = tokens.map((token) => token.split('.')[1]);
    expect(workspaces[0]).toMatch(/^[\w-]{22}$/);
    expect(workspaces[1]).toBe(workspaces[0]);
    const cookie = (await context.cookies()).find(({ name }) => name === 'candlecast-workspace');
    expect(cookie?.value.split('.')[1]).toBe(workspaces[0]);
    expect(cookie?.httpOnly).toBe(true);
    await context.close();
  });

  it('is still there when the gateway is gone, and says that it is stale', async () => {
    const first = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await open(first);
    const shown = await barsOf(first);
    await system.killGateway();

    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await eventually(async () => {
      await page.goto(`${system.webUrl}${PAGE}`);
      expect(await page.locator('[data-testid="stale-notice"]').innerText()).toMatch(/^Stale: the gateway does not answer/);
    }, PATIENT);
    await eventually(async () => expect((await barsOf(page)).length).toBeGreaterThanOrEqual(shown.length), PATIENT);
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(`${system.webUrl}${PAGE}`);
    expect(await plain.locator('[data-testid="stale-notice"]').count()).toBe(1);
    expect(await plain.locator('[data-testid="pane-0"] svg').count()).toBeGreaterThan(0);

    await system.startGateway();
    await eventually(async () => expect(await page.locator('[data-testid="stale-notice"]').count()).toBe(0), PATIENT);
    await context.close();
    await Promise.all([page.close(), first.close()]);
  });
});
