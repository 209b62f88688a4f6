import { addMs, systemClock } from '@candlecast/domain';
import { createInstrumentWriter } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { type EdgeSystem, startEdgeSystem } from './edge-system.ts';

const MINUTE_MS = 60_000;
const PATIENT = { timeoutMs: 60_000 };
const PAGE = '/?debug=1&v=1&layout=1&panes=BTCUSDT@1m';

const newestOf = (page: Page) => page.evaluate<number>('window.__candlecast?.panes[0]?.bars().at(-1)?.openTime ?? 0');
const filterOf = (page: Page, selector: string) => page.evaluate<string>(`getComputedStyle(document.querySelector('${selector}')).filter`);

describe.skipIf(!findChromium())(
  'how the workspace says what it knows, in a real browser (skipped without Chromium: set CHROMIUM_PATH)',
  () => {
    let system: EdgeSystem;
    let browser: Browser;
    /** The open time of the minute that comes next. */
    let next: EdgeSystem['end'];

    beforeAll(async () => {
      system = await startEdgeSystem();
      next = system.end;
      browser = await launchBrowser(findChromium() as string);
    });
    afterAll(async () => {
      await browser?.close();
      await system?.stop();
    });

    /** Opens the page; `cursors` takes from where its chart follows its candles, each time it begins. */
    async function open(cursors: unknown[] = []): Promise<Page> {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
      page.on('websocket', (socket) => {
        socket.on('framesent', ({ payload: frame }) => {
          const { type, payload } = JSON.parse(`${frame}`) as {
            type: string;
            payload?: { operationName?: string; variables?: { after?: string } };
          };
          if (type === 'subscribe' && payload?.operationName === 'Candles') cursors.push(payload.variables?.after);
        });
      });
      await page.goto(`${system.webUrl}${PAGE}`);
      await page.locator('[data-testid="connection-state"][data-state="connected"]').waitFor({ timeout: 60_000 });
      await eventually(async () => expect(await newestOf(page)).toBe(addMs(next, -MINUTE_MS)), PATIENT);
      return page;
    }

    /** Minutes that close one after the other, all of them known when the last one has closed. */
    async function close(minutes: number): Promise<void> {
      const candles = Array.from({ length: minutes }, (_, index) => system.minuteAt(addMs(next, index * MINUTE_MS)));
      next = addMs(next, minutes * MINUTE_MS);
      await system.writer.commitClosed([{ instrumentId: system.id, candles }], next);
    }

    it('pales what is older than twice its cadence and says how old it is, though the socket is up', async () => {
      const clock = { venue: 'SIM', wallTime: systemClock.now(), anchorTime: addMs(system.end, 10 * MINUTE_MS), speed: 1 } as const;
      await createInstrumentWriter(system.database).saveClock(clock);
      const page = await open();
      const chart = '[data-testid="pane-0"] [role="application"]';
      await eventually(async () => expect(await page.getByTestId('data-age').innerText()).toMatch(/^1\d min old$/), PATIENT);
      expect(await page.getByTestId('watch-BTCUSDT').innerText()).toMatch(/1\d min old/);
      expect(await filterOf(page, chart)).toBe('saturate(0.2)');
      expect(await filterOf(page, '[data-testid="last-BTCUSDT"]')).toBe('saturate(0)');
      expect(await page.getByTestId('connection-state').getAttribute('data-state')).toBe('connected');

      await close(10);
      await eventually(async () => {
        expect(await page.getByTestId('data-age').count()).toBe(0);
        expect(await filterOf(page, chart)).toBe('none');
        expect(await filterOf(page, '[data-testid="last-BTCUSDT"]')).toBe('none');
      }, PATIENT);
      await page.close();
    });

    it('keeps its candles through a cut, then says how many it has caught up on', async () => {
      const page = await open();
      const state = page.getByTestId('connection-state');
      const before = await newestOf(page);
      await system.killGateway();
      await eventually(async () => expect(await state.getAttribute('data-state')).toBe('reconnecting'), PATIENT);
      expect(await newestOf(page)).toBe(before);
      await close(3);
      await system.startGateway();
      await eventually(async () => expect(await state.innerText()).toBe('3 candles recovered'), PATIENT);
      await eventually(async () => expect(await newestOf(page)).toBe(before + 3 * MINUTE_MS), PATIENT);
      await eventually(async () => expect(await state.innerText()).toBe('Connected'), PATIENT);
      await page.close();
    });

    it('stands still while nobody sees it, and goes on from its cursor', async () => {
      const cursors: unknown[] = [];
      const [hidden, seen] = [await open(cursors), await open()];
      const before = await newestOf(hidden);
      await close(1);
      await eventually(async () => expect(await newestOf(hidden)).toBe(before + MINUTE_MS), PATIENT);
      // A browser without a screen calls every tab visible: the page is told what it would be told behind another one.
      const turn = (visibility: string) =>
        hidden.evaluate(`Object.defineProperty(document, 'visibilityState', { configurable: true, value: '${visibility}' });
        document.dispatchEvent(new Event('visibilitychange'));`);
      await turn('hidden');
      await eventually(async () => expect(await hidden.title()).toMatch(/^⏸ /), PATIENT);
      await close(2);
      await eventually(async () => expect(await newestOf(seen)).toBe(before + 3 * MINUTE_MS), PATIENT);
      expect(await newestOf(hidden)).toBe(before + MINUTE_MS);

      await turn('visible');
      await eventually(async () => expect(await newestOf(hidden)).toBe(before + 3 * MINUTE_MS), PATIENT);
      expect(cursors).toEqual([expect.any(String), expect.any(String)]);
      expect(cursors[1]).not.toBe(cursors[0]);
      expect(await hidden.title()).not.toMatch(/⏸/);
      await Promise.all([hidden.close(), seen.close()]);
    });
  },
);
