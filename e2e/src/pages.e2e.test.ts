import { addMs, toDecimal, toIso } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './axe.ts';
import { findChromium, launchBrowser } from './browser.ts';
import { type EdgeSystem, startEdgeSystem } from './edge-system.ts';
import { HOLE_MINUTES, RESOLVED, seedPages } from './seed-pages.ts';

const MINUTE_MS = 60_000;
const PATIENT = { timeoutMs: 60_000 };
const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const LABELS = ['Workspace', 'Markets', 'Forecasts', 'Models', 'Replay', 'Developers', 'Status', 'About'];
/** Every page of this file: its address, its heading, the link that is marked. */
const PAGES = [
  ['/markets', 'Markets', 'Markets'],
  ['/i/BTCUSDT', 'BTC/USDT', 'Markets'],
  ['/models', 'Models', 'Models'],
  ['/models/MODEL', 'lstm', 'Models'],
  ['/developers', 'Developers', 'Developers'],
  ['/status', 'Status', 'Status'],
  ['/about', 'About', 'About'],
] as const;

const SCREENSHOTS = process.env.SCREENSHOT_DIR;

describe.skipIf(!findChromium())('the pages, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let system: EdgeSystem;
  let browser: Browser;
  let modelPath: string;

  beforeAll(async () => {
    system = await startEdgeSystem();
    await seedPages(system);
    const model = await system.database.prisma.model.findFirstOrThrow({ where: { name: 'lstm' } });
    modelPath = `/models/${model.id}`;
    browser = await launchBrowser(findChromium() as string);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const urlOf = (path: string) => `${system.webUrl}${path.replace('/models/MODEL', modelPath)}`;
  const open = async (path: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> => {
    const page = await browser.newPage({ viewport: DESK, ...options });
    await page.goto(urlOf(path));
    return page;
  };
  const connected = (page: Page) => page.locator('[data-testid="connection-state"][data-state="connected"]').waitFor({ timeout: 60_000 });
  const cellsOf = (page: Page, row: string) => page.locator(`${row} > *`).allInnerTexts();

  describe('with JavaScript off', () => {
    it.each(PAGES)(
      '%s has its frame: heading, pages with the active one marked, source, footer, skip link',
      async (path, heading, marked) => {
        const page = await open(path, { javaScriptEnabled: false });
        expect(await page.locator('h1').allInnerTexts()).toEqual([heading]);
        expect(await page.locator('[data-testid="site-nav"] > ul a').allInnerTexts()).toEqual(LABELS);
        expect(await page.locator('[data-testid="site-nav"] > ul [aria-current="page"]').allInnerTexts()).toEqual([marked]);
        expect(await page.locator('[data-testid="source-badge"]').innerText()).toBe('Simulated market');
        expect(await page.locator('[data-testid="page"] > footer').innerText()).toMatch(/not financial advice.*TradingView/s);
        expect(await page.locator('[data-testid="page"] > a').first().getAttribute('href')).toBe('#content');
        expect(await page.locator('[data-testid="page-failure"]').count()).toBe(0);
        await page.close();
      },
    );

    it('/markets shows the last 24 hours, and a day’s exact totals', async () => {
      const day = toIso(system.liveSince).slice(0, 10);
      const page = await open(`/markets?day=${day}`, { javaScriptEnabled: false });
      const last = system.minuteAt(addMs(system.end, -MINUTE_MS)).close.replace(/(\d)(\d{3}\.)/, '$1,$2');
      expect((await cellsOf(page, '[data-testid="market-BTCUSDT"]')).slice(0, 2)).toEqual(['BTC/USDT', last]);
      expect((await cellsOf(page, '[data-testid="day-BTCUSDT"]')).slice(0, 3)).toEqual(['BTCUSDT', day, tradesOf(day)]);
      await page.close();
    });

    it('/i/BTCUSDT shows candles, price, record and the other pairs', async () => {
      const page = await open('/i/BTCUSDT', { javaScriptEnabled: false });
      expect(await page.locator('[data-testid="pane-0"] svg path').count()).toBeGreaterThan(3);
      expect(await page.locator('[data-testid="instrument-price"]').innerText()).toMatch(/^2\d,\d{3}\.50$/);
      expect(await page.locator('[data-testid="record"] tbody tr').allInnerTexts()).toHaveLength(1);
      expect(await page.locator('[data-testid="other-instruments"] a').getAttribute('href')).toBe('/i/ETHUSDT');
      await page.close();
    });

    it('/models shows who runs, with depth, cadence, skill and coverage; trainings with their losses; jobs', async () => {
      const page = await open('/models', { javaScriptEnabled: false });
      const row = await cellsOf(page, '[data-testid="running-30m"]');
      expect(row.slice(2, 7)).toEqual(['LSTM', '1 layer, 64 units', 'every minute', 'monthly', `${RESOLVED}`]);
      // A tenth better than the reference; what was due and never came draws it towards 0.
      expect(row[7]).toMatch(/^\+0\.0\d\d\ntoo few$/);
      expect(row[8]).toBe('100.0 %');
      expect(await page.locator('[data-testid="loss-curves"] figcaption').innerText()).toContain('best 0.9200');
      expect(await page.locator('[data-testid="jobs"]').innerText()).toMatch(/retrain\s+waiting\s+monthly/);
      expect(await page.locator('[data-testid="champions"] tbody').innerText()).toMatch(/30m\s+lstm/);
      await page.close();
    });

    it('a model card says what it is, what it was trained on, when next, and where the ledger stands', async () => {
      const page = await open('/models/MODEL', { javaScriptEnabled: false });
      const card = await page.locator('[data-testid="model-card"]').innerText();
      for (const text of [
        'a'.repeat(64),
        'schema 3',
        '1 layer, 64 units',
        'seed 7',
        'monthly',
        '30m: too few to tell',
        `${2 * RESOLVED} entries`,
      ])
        expect(card).toContain(text);
      expect(await page.locator('[data-testid="baselines"] tbody th').allInnerTexts()).toEqual(['lstm', 'ewma-normal']);
      await page.close();
    });

    it('/status shows freshness, the gap ledger with its reason, drift, and what failed', async () => {
      const page = await open('/status?symbol=ethusdt', { javaScriptEnabled: false });
      expect((await cellsOf(page, '[data-testid="fresh-ETHUSDT"]'))[0]).toBe('SIM:ETHUSDT');
      expect((await cellsOf(page, '[data-testid="gaps"] tbody tr')).slice(2, 4)).toEqual([
        `${HOLE_MINUTES}`,
        'the exchange was down\nEXCHANGE_OUTAGE',
      ]);
      expect((await cellsOf(page, '[data-testid="drift"] tbody tr')).slice(0, 3)).toEqual(['30m', '– too few to tell', '100.0 %']);
      expect(await page.locator('[data-testid="jobs"]').innerText()).toContain('history_too_short');
      await page.close();
    });

    it('/about and /developers have the docs’ own words', async () => {
      const about = await open('/about', { javaScriptEnabled: false });
      expect(await about.locator('#glossary').innerText()).toContain('Length of a candle');
      expect(await about.locator('#judged table').count()).toBe(1);
      await about.goto(urlOf('/developers'));
      expect(await about.locator('#quick-start pre').count()).toBe(4);
      await about.close();
    });

    it('a pair that is not tracked is not found', async () => {
      const page = await browser.newPage();
      const answer = await page.goto(urlOf('/i/NOSUCHPAIR'));
      expect(answer?.status()).toBe(404);
      expect(await page.locator('h1').innerText()).toBe('Nothing is here');
      await page.close();
    });
  });

  /** Trades of BTCUSDT on a day: ten a minute. */
  function tradesOf(day: string): string {
    const from = Date.parse(`${day}T00:00:00Z`);
    const begin = Math.max(from, addMs(system.liveSince, -6 * 480 * MINUTE_MS));
    const minutes = (Math.min(from + 86_400_000, system.end) - begin) / MINUTE_MS;
    return `${minutes * 10}`.replace(/\B(?=(\d{3})+$)/g, ',');
  }

  it('sorts the table of markets, and its address says how', async () => {
    const page = await open('/markets');
    await connected(page);
    const pairs = () => page.locator('[data-testid="market-table"] tbody th').allInnerTexts();
    await page.locator('[data-testid="sort-trades"]').click();
    expect(await pairs()).toEqual(['BTC/USDT', 'ETH/USDT']);
    await page.locator('[data-testid="sort-trades"]').click();
    expect(await pairs()).toEqual(['ETH/USDT', 'BTC/USDT']);
    expect(new URL(page.url()).search).toBe('?sort=trades&order=asc');
    await page.reload();
    expect(await pairs()).toEqual(['ETH/USDT', 'BTC/USDT']);
    expect(await page.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
    await page.close();
  });

  it('shows another day when one is picked', async () => {
    const page = await open('/markets');
    const day = toIso(addMs(system.liveSince, -24 * 60 * MINUTE_MS)).slice(0, 10);
    await page.locator('[data-testid="day"]').fill(day);
    await page.locator('form button[type="submit"]').click();
    await page.waitForURL(`**/markets?day=${day}#days`);
    expect(await page.locator('[data-testid="daily-totals"] tbody td').first().innerText()).toBe(day);
    await page.close();
  });

  it('shows a new price live, on the table and on the page of the pair', async () => {
    const [markets, one] = await Promise.all([open('/markets'), open('/i/BTCUSDT')]);
    await Promise.all([connected(markets), connected(one)]);
    await system.writer.commitClosed(
      [{ instrumentId: system.id, candles: [system.minuteAt(system.end, { close: toDecimal('23456.78'), high: toDecimal('23500') })] }],
      addMs(system.end, MINUTE_MS),
    );
    await eventually(async () => expect((await cellsOf(markets, '[data-testid="market-BTCUSDT"]'))[1]).toBe('23,456.78'), PATIENT);
    await eventually(async () => expect(await one.locator('[data-testid="instrument-price"]').innerText()).toBe('23,456.78'), PATIENT);
    await Promise.all([markets.close(), one.close()]);
  });

  it('compares the trainings that are chosen', async () => {
    const page = await open('/models');
    await page.locator('[data-testid="runs"] input[type="checkbox"]').first().check();
    await page.getByRole('button', { name: 'Compare the chosen ones' }).click();
    await page.waitForURL('**/models?runs=*#runs');
    expect(await page.locator('[data-testid="loss-curves"] figcaption > span').count()).toBe(1);
    await page.close();
  });

  it('keeps the theme from page to page', async () => {
    const page = await open('/status');
    await connected(page);
    await page.locator('[data-testid="theme-switch"]').click();
    await page.waitForURL('**/status?theme=light');
    await page.locator('[data-testid="site-nav"] > ul a', { hasText: 'Markets' }).click();
    await page.waitForURL('**/markets?theme=light');
    expect(await page.locator('[data-testid="page"]').getAttribute('data-theme')).toBe('light');
    await page.close();
  });

  it('leads to every page from the menu of a phone, and nothing is wider than it', async () => {
    const page = await open('/markets', { viewport: PHONE });
    for (const [path] of PAGES) {
      await page.goto(urlOf(path));
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(PHONE.width);
    }
    await page.locator('[data-testid="site-menu"]').click();
    await page.locator('[data-testid="site-nav"] details a', { hasText: 'Status' }).click();
    await page.waitForURL('**/status');
    await page.close();
  });

  describe('the desk for keys', () => {
    it('makes, rotates and revokes keys with an admin key, which is kept nowhere', async () => {
      const page = await open('/developers');
      await connected(page);
      await page.locator('[data-testid="admin-key"]').fill(system.adminKey);
      await page.locator('[data-testid="admin-open"]').click();
      await page.locator('[data-testid="key-name"]').fill('partner');
      await page.locator('[data-testid="key-create"]').click();
      const fresh = page.locator('[data-testid="new-key"]');
      await fresh.waitFor();
      const key = await fresh.innerText();
      expect(await ask(key, '{ instruments { edges { node { symbol } } } }')).toBe(200);

      const row = page.locator('[data-testid="api-key"]', { hasText: 'partner' });
      await row.getByRole('button', { name: 'Rotate' }).click();
      await eventually(async () => expect(await fresh.innerText()).not.toBe(key));
      const successor = await fresh.innerText();
      await eventually(async () =>
        expect(await page.locator('[data-testid="api-keys"]').innerText()).toContain('replaced: works for a day'),
      );

      const newest = page.locator('[data-testid="api-key"]', { hasText: successor.slice(0, 16) });
      await newest.getByRole('button', { name: 'Revoke' }).click();
      await newest.getByRole('button', { name: 'Revoke for good?' }).click();
      await eventually(async () => expect(await newest.innerText()).toContain('revoked'));
      await eventually(async () => expect(await ask(successor, '{ rateLimit { limit } }')).toBe(401), PATIENT);

      const kept = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href])';
      expect(await page.evaluate(kept)).not.toContain(system.adminKey);
      await page.reload();
      expect(await page.locator('[data-testid="admin-key"]').inputValue()).toBe('');
      await page.close();
    });

    it('says the code of what the gateway refuses', async () => {
      const page = await open('/developers');
      await connected(page);
      await page.locator('[data-testid="admin-key"]').fill('no-key-at-all');
      await page.locator('[data-testid="admin-open"]').click();
      const failure = page.locator('[data-testid="key-failure"]');
      await failure.waitFor();
      expect(await failure.innerText()).toMatch(/^[A-Z_]+: /);
      await page.close();
    });

    /** Returns the status of an answer to a document of one's own, at the web server, under a key. */
    async function ask(key: string, query: string): Promise<number> {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
      const answer = await fetch(`${system.webUrl}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
      await answer.body?.cancel();
      return answer.status;
    }
  });

  describe('the box that asks the gateway', () => {
    const answers = (page: Page) => page.locator('[data-testid="query-answer"]').allInnerTexts();

    it('runs an example as a visitor, and documents of one’s own with a key', async () => {
      const page = await open('/developers');
      await connected(page);
      const run = page.locator('[data-testid="query-run"]');
      await run.click();
      await eventually(async () => expect((await answers(page))[0]).toContain('"certificate"'), PATIENT);
      await page.locator('[data-testid="query-text"]').fill('query Mine { instruments { edges { node { symbol } } } }');
      await run.click();
      await eventually(async () => expect((await answers(page))[0]).toMatch(/^PERSISTED_QUERY_NOT_FOUND: /), PATIENT);
      await page.locator('[data-testid="query-key"]').fill(system.adminKey);
      await run.click();
      await eventually(async () => expect((await answers(page))[0]).toContain('"symbol": "ETHUSDT"'), PATIENT);
      await page.close();
    });

    it('shows the events of a stream until it is stopped', async () => {
      const page = await open('/developers');
      await connected(page);
      await page.getByRole('button', { name: 'Live candles' }).click();
      await page.locator('[data-testid="query-run"]').click();
      await eventually(async () => expect((await answers(page)).join()).toContain('"CandleSnapshot"'), PATIENT);
      await page.locator('[data-testid="query-stop"]').click();
      expect(await page.locator('[data-testid="query-stop"]').count()).toBe(0);
      await page.close();
    });
  });

  it.each(
    ['/', ...PAGES.map(([path]) => path)].flatMap((path) =>
      (['dark', 'light'] as const).flatMap((theme) => (['desk', 'phone'] as const).map((size) => [path, theme, size] as const)),
    ),
  )('%s in the %s theme on a %s has nothing that axe calls serious', async (path, theme, size) => {
    const page = await open(`${path}?theme=${theme}`, { viewport: size === 'phone' ? PHONE : DESK });
    await connected(page);
    if (SCREENSHOTS) {
      const name = path.replaceAll('/', '-').slice(1);
      await page.screenshot({ path: `${SCREENSHOTS}/${name}-${theme}-${size}.png`, fullPage: true });
    }
    expect(await findViolations(page)).toEqual([]);
    await page.close();
  });

  it('shows what is kept, and says how old it is, when the gateway is gone', async () => {
    const before = await open('/markets', { javaScriptEnabled: false });
    await system.killGateway();
    await before.reload();
    await eventually(async () => {
      await before.reload();
      expect(await before.locator('[data-testid="stale-notice"]').innerText()).toMatch(/^Stale: /);
    }, PATIENT);
    expect(await before.locator('[data-testid="market-BTCUSDT"]').count()).toBe(1);
    await before.close();
  });
});
