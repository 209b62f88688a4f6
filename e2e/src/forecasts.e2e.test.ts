import { eventually } from '@candlecast/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { request } from './graphql.ts';
import { type SimulatedSystem, startSimulated } from './simulated-system.ts';

const MINUTE_MS = 60_000;
const PATIENT = { timeoutMs: 120_000, intervalMs: 250 };
const DESK = { width: 1440, height: 900 };
const WORKSPACE = '/?debug=1&v=1&layout=1&panes=BTCUSDT@1m';

const venueNow = async (url: string) => {
  const { freshness } = await request<{ freshness: { lastEventAt: string; stalenessMs: number }[] }>(
    url,
    '{ freshness(symbols: ["BTCUSDT"]) { lastEventAt stalenessMs } }',
  );
  const [row] = freshness;
  if (!row) throw new Error('there is no freshness');
  return Date.parse(row.lastEventAt) + row.stalenessMs;
};

describe.skipIf(!findChromium())(
  'forecasts, tape, alerts and replay, in a real browser (skipped without Chromium: set CHROMIUM_PATH)',
  () => {
    let system: SimulatedSystem;
    let browser: Browser;

    beforeAll(async () => {
      system = await startSimulated();
      browser = await launchBrowser(findChromium() as string);
    });
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    async function openTab(page: Page, tab: string): Promise<void> {
      await page.goto(`${system.webUrl}${WORKSPACE}`);
      await eventually(async () => {
        await page.getByTestId(`tab-${tab}`).click();
        expect(await page.getByTestId(`tab-${tab}`).getAttribute('aria-selected')).toBe('true');
      }, PATIENT);
    }

    it('shows six cards with their record, and what came of the last three hours', async () => {
      const page = await browser.newPage({ viewport: DESK });
      await openTab(page, 'forecasts');
      for (const horizon of ['30m', '1h', '2h', '4h', '6h', '12h']) {
        await eventually(async () => {
          expect(await page.getByTestId(`call-${horizon}`).innerText()).toMatch(/UP|DOWN|NO CALL/);
          expect(await page.getByTestId(`countdown-${horizon}`).innerText()).toMatch(/^in \d|^due$/);
          expect(await page.getByTestId(`hit-rate-${horizon}`).innerText()).toMatch(/too few|%/);
        }, PATIENT);
      }
      const grid = page.getByTestId('history-grid');
      await eventually(async () => {
        const resolved = grid.locator('[data-outcome]:not([data-outcome="waiting"])');
        expect(await resolved.count()).toBeGreaterThan(0);
      }, PATIENT);
      await page.getByTestId('tab-signals').click();
      expect(await page.getByTestId('not-advice').innerText()).toMatch(/not financial advice/i);
      await eventually(async () => expect(await page.getByTestId('signal-30m').innerText()).toMatch(/BUY|SELL|HOLD/), PATIENT);
      await eventually(async () => expect(await page.getByTestId('paper-record').innerText()).toMatch(/Doing nothing/), PATIENT);
      await page.close();
    });

    it('shows the six cards and the three hours on the page of a pair, too, without JavaScript', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: DESK });
      const page = await context.newPage();
      await eventually(async () => {
        await page.goto(`${system.webUrl}/i/BTCUSDT`);
        for (const horizon of ['30m', '1h', '2h', '4h', '6h', '12h'])
          expect(await page.getByTestId(`call-${horizon}`).innerText()).toMatch(/UP|DOWN|NO CALL/);
        expect(await page.getByTestId('hit-rate-12h').innerText()).toMatch(/too few|%/);
        expect(await page.getByTestId('history-grid').locator('tbody tr').count()).toBe(12);
        const resolved = page.getByTestId('history-grid').locator('[data-outcome]:not([data-outcome="waiting"])');
        expect(await resolved.count()).toBeGreaterThan(0);
      }, PATIENT);
      await context.close();
    });

    it('says in the legend of a chart what the bands have held', async () => {
      const page = await browser.newPage({ viewport: DESK });
      await eventually(async () => {
        await page.goto(`${system.webUrl}${WORKSPACE}`);
        await page.getByTestId('held-outer').waitFor({ timeout: 10_000 });
        expect(await page.getByTestId('fan-legend').innerText()).toMatch(/50 %\s+\(held \d+ %\)\s+90 %\s+\(held \d+ %\)/);
      }, PATIENT);
      expect(await page.getByTestId('held-inner').getAttribute('title')).toMatch(/^Of \d[\d,]* forecasts/);
      await page.close();
    });

    it('has a track record and a history without JavaScript, with a permalink and a CSV of the same forecasts', async () => {
      const context = await browser.newContext({ javaScriptEnabled: false, viewport: DESK });
      const page = await context.newPage();
      const address = `${system.webUrl}/forecasts?symbol=BTCUSDT&horizon=30m`;
      const resolved = page.locator('[data-testid="history-row"]:not([data-outcome="waiting"])');
      await eventually(async () => {
        await page.goto(address);
        expect(await resolved.count()).toBeGreaterThan(0);
      }, PATIENT);
      expect(await page.getByTestId('record-table').locator('tbody tr').count()).toBe(6);
      for (const plot of ['reliability', 'skill-over-time', 'prediction-plot'])
        expect(await page.getByTestId(plot).getByTestId('naive-line').count()).toBe(1);
      expect(await page.getByTestId('actual-table').locator('tbody tr').count()).toBeGreaterThan(0);

      const link = await resolved.first().locator('a').getAttribute('href');
      await page.goto(`${system.webUrl}${link}`);
      expect(await page.getByTestId('forecast-came').innerText()).not.toMatch(/waiting/);
      const id = decodeURIComponent(link?.split('/').at(-1) ?? '');
      const csv = await fetch(`${system.webUrl}/forecasts/export?symbol=BTCUSDT&horizon=30m`);
      expect(csv.headers.get('content-type')).toContain('text/csv');
      expect((await csv.text()).split('\r\n').some((line) => line.startsWith(`${id},`))).toBe(true);
      const refused = await fetch(`${system.webUrl}/forecasts/export?symbol=BTCUSDT&horizon=3h`);
      expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('horizon \\"3h\\" is not one of 30m')]);
      await context.close();
    });

    it('prints trades with their side, by size, and stands still while it is pointed at', async () => {
      const page = await browser.newPage({ viewport: DESK });
      await openTab(page, 'tape');
      const trades = page.getByTestId('trade');
      await eventually(async () => expect(await trades.count()).toBeGreaterThan(3), PATIENT);
      await eventually(async () => expect(await page.getByTestId('spread-bps').innerText()).toMatch(/^\d+\.\d{2} bps$/), PATIENT);
      expect(await trades.first().innerText()).toMatch(/BUY|SELL/);
      await trades.first().hover();
      await eventually(async () => expect(await page.getByTestId('tape-state').innerText()).toMatch(/Paused/), PATIENT);
      await page.getByTestId('tape-size').hover();
      await eventually(async () => expect(await page.getByTestId('tape-state').innerText()).toMatch(/Live/), PATIENT);
      await page.getByTestId('tape-size').fill('1000000');
      await eventually(async () => expect(await trades.count()).toBe(0), PATIENT);
      await page.getByTestId('tape-size').fill('lots');
      expect(await page.getByText('"lots" is not a size such as 0.5').count()).toBe(1);
      await page.close();
    });

    it('moves through the watchlist with arrows', async () => {
      const page = await browser.newPage({ viewport: DESK });
      await openTab(page, 'watchlist');
      await eventually(async () => expect(await page.getByTestId('next-hour').count()).toBe(2), PATIENT);
      await page.getByTestId('watch-BTCUSDT').focus();
      const isFirst = (await page.locator('[data-symbol]').first().getAttribute('data-symbol')) === 'BTCUSDT';
      await page.keyboard.press(isFirst ? 'ArrowDown' : 'ArrowUp');
      await eventually(async () => {
        expect(await page.getByTestId('watch-ETHUSDT').getAttribute('aria-current')).toBe('true');
        expect(page.url()).toContain('ETHUSDT@1m');
      }, PATIENT);
      await page.close();
    });

    it('fires an alert of the visitor’s own, mutes and deletes it', async () => {
      const context = await browser.newContext({ viewport: DESK });
      const page = await context.newPage();
      await openTab(page, 'alerts');
      await page.getByTestId('alert-create').click();
      await eventually(
        async () => expect(await page.getByTestId('alert-problem').innerText()).toBe('level "" is not a number above 0'),
        PATIENT,
      );
      await page.getByTestId('alert-rule').selectOption('priceMove');
      await page.getByTestId('alert-percent').fill('0.001');
      await page.getByTestId('alert-windowMinutes').fill('1');
      await page.getByTestId('alert-create').click();
      await eventually(async () => expect(await page.getByTestId('alert').count()).toBe(1), PATIENT);
      await eventually(async () => expect(await page.getByTestId('firing').count()).toBeGreaterThan(0), PATIENT);

      const other = await browser.newContext({ viewport: DESK });
      const stranger = await other.newPage();
      await openTab(stranger, 'alerts');
      await eventually(async () => expect(await stranger.getByText('You have no alerts.').count()).toBe(1), PATIENT);
      await other.close();

      await page.getByRole('button', { name: /^Mute/ }).click();
      await eventually(
        async () => expect(await page.getByRole('button', { name: /^Mute/ }).getAttribute('aria-pressed')).toBe('true'),
        PATIENT,
      );
      await page.getByRole('button', { name: /^Delete/ }).click();
      await eventually(async () => expect(await page.getByText('You have no alerts.').count()).toBe(1), PATIENT);
      await context.close();
    });

    it('plays the past, labelled, with nothing in it that was known later', async () => {
      const page = await browser.newPage({ viewport: DESK });
      const from = Math.floor((await venueNow(system.graphqlUrl)) / MINUTE_MS) * MINUTE_MS - 6 * 60 * MINUTE_MS;
      await page.goto(`${system.webUrl}/replay?at=${new Date(from).toISOString()}&speed=60&debug=1&v=1&layout=1&panes=BTCUSDT@1m`);
      const bars = () => page.evaluate<{ openTime: number }[]>('window.__candlecast ? window.__candlecast.panes[0].bars() : []');
      const time = async () => Date.parse((await page.getByTestId('replay-time').getAttribute('datetime')) ?? '');
      expect(await page.getByTestId('replay-label').innerText()).toMatch(/replay: not live/i);
      await eventually(async () => expect((await bars()).length).toBeGreaterThan(100), PATIENT);
      const first = (await bars()).at(-1)?.openTime ?? 0;
      await eventually(async () => expect((await bars()).at(-1)?.openTime).toBeGreaterThan(first + 2 * MINUTE_MS), PATIENT);
      expect((await bars()).at(-1)?.openTime).toBeLessThanOrEqual(await time());
      expect(await time()).toBeLessThan(from + 60 * MINUTE_MS);
      expect(await page.getByTestId('tab-alerts').count()).toBe(0);

      await page.getByTestId('replay-pause').click();
      await eventually(async () => expect(await page.getByTestId('replay-speed').inputValue()).toBe('0'), PATIENT);
      const stopped = await time();
      const link = (await page.getByTestId('replay-permalink').getAttribute('href')) ?? '';
      expect(Date.parse(new URL(link, system.webUrl).searchParams.get('at') ?? '')).toBe(stopped);
      await eventually(async () => expect((await bars()).length).toBeGreaterThan(100), PATIENT);
      expect((await bars()).at(-1)?.openTime).toBeLessThanOrEqual(stopped);

      await page.goto(`${system.webUrl}/replay?at=2099-01-01T00:00`);
      expect(await page.getByTestId('replay-problem').innerText()).toMatch(/does not lie before the venue's present/);
      await page.close();
    });

    // The last one: from here on there is a third pair.
    it('tracks a pair that was searched for, and shows how its history comes', async () => {
      const page = await browser.newPage({ viewport: DESK });
      await page.goto(`${system.webUrl}${WORKSPACE}`);
      const bars = () => page.evaluate<unknown[]>('window.__candlecast?.panes[0]?.bars() ?? []');
      await eventually(async () => expect((await bars()).length).toBeGreaterThan(100), PATIENT);
      await page.evaluate(`
        window.progress = [];
        new MutationObserver(() => {
          const bar = document.querySelector('[data-testid="backfill"] progress[value]');
          const at = bar && [bar.value, bar.max];
          if (at && String(at) !== String(window.progress.at(-1))) window.progress.push(at);
        }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      `);
      await page.getByTestId('open-search').click();
      await page.getByTestId('search-input').fill('SOLUSDT');
      await page.getByTestId('track').click();
      await eventually(async () => {
        expect(page.url()).toContain('panes=SOLUSDT@1m');
        expect((await bars()).length).toBeGreaterThan(100);
      }, PATIENT);
      const progress = await page.evaluate<[done: number, wanted: number][]>('window.progress');
      const done = progress.map(([rows]) => rows);
      expect(done).toEqual(done.toSorted((a, b) => a - b));
      expect(progress.some(([rows, wanted]) => rows < wanted)).toBe(true);
      expect(progress.at(-1)?.[1]).toBeGreaterThan(2_000);
      expect(await page.getByTestId('search-dialog').count()).toBe(0);
      await page.close();
    });
  },
);
