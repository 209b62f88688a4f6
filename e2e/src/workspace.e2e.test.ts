import { readFileSync } from 'node:fs';
import { addMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import type { Browser, Download, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium, launchBrowser } from './browser.ts';
import { type EdgeSystem, startEdgeSystem } from './edge-system.ts';

const MINUTE_MS = 60_000;
const PATIENT = { timeoutMs: 60_000 };
const DESK = { width: 1440, height: 900 };
const TWO = 'layout=2h&panes=BTCUSDT@1m,BTCUSDT@5m&active=1';
/** Of the second pair: its minutes, and those that are missing. */
const MINUTES = 300;
const HOLE = { from: 200, to: 207 };

interface Bar {
  readonly openTime: number;
  readonly open: number;
  readonly close: number;
}
interface Span {
  readonly from: number;
  readonly to: number;
}

const barsOf = (page: Page, pane: number) => page.evaluate<Bar[]>(`window.__candlecast?.panes[${pane}]?.bars() ?? []`);
const spanOf = (page: Page, pane: number) => page.evaluate<Span | undefined>(`window.__candlecast?.panes[${pane}]?.span()`);
const addressOf = (page: Page) => new URL(page.url()).searchParams;
/** Prices at even steps down the chart. */
const pricesOf = (page: Page) => page.evaluate<number[]>('[160, 300, 440].map((y) => window.__candlecast.panes[0].priceAt(y))');
const numberIn = (text: string) => Number(text.replaceAll(/[^\d.]/g, ''));

describe.skipIf(!findChromium())('the workspace, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let system: EdgeSystem;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    system = await startEdgeSystem();
    const begin = addMs(system.end, -MINUTES * MINUTE_MS);
    const minutes = Array.from({ length: MINUTES }, (_, at) => system.minuteAt(addMs(begin, at * MINUTE_MS)));
    const id = await system.list('ETHUSDT', 'ETH', [...minutes.slice(0, HOLE.from), ...minutes.slice(HOLE.to)]);
    const hole = { from: addMs(begin, HOLE.from * MINUTE_MS), to: addMs(begin, HOLE.to * MINUTE_MS) };
    await system.writer.recordGap(id, hole, 'EXCHANGE_OUTAGE', system.end);
    browser = await launchBrowser(findChromium() as string);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  async function open(query: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
    await page?.close();
    page = await browser.newPage({ viewport: DESK, ...options });
    await page.goto(`${system.webUrl}/?debug=1&v=1&${query}`);
    await drawn(0);
    return page;
  }
  const drawn = (pane: number) => eventually(async () => expect(await spanOf(page, pane)).toBeDefined(), PATIENT);
  const at = (testId: string) => page.locator(`[data-testid="${testId}"]`);
  const inPane = (pane: number, testId: string) => at(`pane-${pane}`).locator(`[data-testid="${testId}"]`);
  const chartOf = (pane: number) => at(`pane-${pane}`).locator('[role="application"]');
  async function saved(click: () => Promise<void>): Promise<Buffer> {
    const waiting: Promise<Download> = page.waitForEvent('download');
    await click();
    return readFileSync(await (await waiting).path());
  }

  it('has layouts of up to nine charts, whose dividers are moved with the keyboard; the address brings them back', async () => {
    await open(TWO);
    await at('layout-menu').click();
    await page.getByRole('menuitem', { name: 'Nine' }).click();
    await drawn(8);
    expect(addressOf(page).get('layout')).toBe('9');
    expect(addressOf(page).get('panes')?.split(',').slice(0, 2)).toEqual(['BTCUSDT@1m', 'BTCUSDT@5m']);
    await at('divider-columns-0').focus();
    for (let press = 0; press < 5; press += 1) await page.keyboard.press('ArrowRight');
    await eventually(() => expect(addressOf(page).get('cols')).toBe('43.23.33'), PATIENT);
    await page.reload();
    await drawn(8);
    const [first, second] = [await at('pane-0').boundingBox(), await at('pane-1').boundingBox()];
    expect((first?.width ?? 0) / (second?.width ?? 1)).toBeCloseTo(43 / 23, 1);

    await chartOf(4).dblclick({ position: { x: 60, y: 60 } });
    await eventually(async () => expect(await at('pane-0').isVisible()).toBe(false), PATIENT);
    expect(await at('pane-4').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await at('pane-0').isVisible()).toBe(true), PATIENT);
    await page.keyboard.press('Alt+Enter');
    await eventually(async () => expect(await at('pane-8').isVisible()).toBe(false), PATIENT);
  });

  it('moves a divider with the pointer, and shows one chart a time on a phone', async () => {
    await open('layout=3&panes=BTCUSDT@1m,BTCUSDT@5m,ETHUSDT@1m');
    const box = (await at('divider-columns-0').boundingBox()) as { x: number; y: number; width: number; height: number };
    await page.mouse.move(box.x + 4, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 204, box.y + 200, { steps: 4 });
    await page.mouse.up();
    await eventually(() => expect(Number(addressOf(page).get('cols')?.split('.')[0])).toBeGreaterThan(60), PATIENT);

    await open('layout=3&panes=BTCUSDT@1m,BTCUSDT@5m,ETHUSDT@1m', { viewport: { width: 390, height: 844 } });
    expect(await at('pane-position').innerText()).toBe('1 / 3');
    expect(await at('pane-1').isVisible()).toBe(false);
    await at('next-pane').click();
    await drawn(1);
    expect(await at('pane-position').innerText()).toBe('2 / 3');
    expect(await at('pane-0').isVisible()).toBe(false);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  });

  it('points at the same time in all charts, and shows the same dates where that is switched on', async () => {
    await open(TWO);
    await drawn(1);
    const box = (await chartOf(0).boundingBox()) as { x: number; y: number; width: number; height: number };
    await page.mouse.move(box.x + 100, box.y + 200);
    await page.mouse.move(box.x + 104, box.y + 200);
    const openOf = async (pane: number) => numberIn(await inPane(pane, 'legend-open').innerText());
    await eventually(async () => {
      const hovered = await openOf(0);
      const minute = (await barsOf(page, 0)).findLast((bar) => bar.open === hovered)?.openTime ?? 0;
      expect(minute).toBeLessThan(system.end - 60 * MINUTE_MS + 30 * MINUTE_MS);
      const five = (await barsOf(page, 1)).find(({ openTime }) => openTime === minute - (minute % (5 * MINUTE_MS)));
      expect(await openOf(1)).toBe(five?.open);
    }, PATIENT);

    const before = await spanOf(page, 1);
    await chartOf(0).focus();
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await spanOf(page, 1)).toEqual(before);
    await at('sync-menu').click();
    await at('sync-range').check();
    await page.keyboard.press('Escape');
    await chartOf(0).focus();
    await page.keyboard.press('Shift+ArrowLeft');
    await eventually(async () => {
      const [one, other] = [await spanOf(page, 0), await spanOf(page, 1)];
      expect(Math.abs((one?.from ?? 0) - (other?.from ?? 1))).toBeLessThan(2 * MINUTE_MS);
      expect(Math.abs((one?.to ?? 0) - (other?.to ?? 1))).toBeLessThan(2 * MINUTE_MS);
      expect(other?.to).toBeLessThan(before?.to ?? 0);
    }, PATIENT);
    await eventually(() => expect(addressOf(page).get('sync')).toBe('cr'), PATIENT);

    await at('sync-menu').click();
    await at('sync-interval').check();
    await page.keyboard.press('Escape');
    await eventually(() => expect(addressOf(page).get('panes')).toBe('BTCUSDT@1m,BTCUSDT@1m'), PATIENT);
  });

  it('takes a letter for a search, a digit for an interval, and ? for help', async () => {
    await open(TWO);
    await page.keyboard.type('eth');
    await eventually(async () => expect(await at('search-input').inputValue()).toBe('eth'), PATIENT);
    await at('found-ETHUSDT').waitFor();
    await page.keyboard.press('Enter');
    await eventually(() => expect(addressOf(page).get('panes')).toBe('ETHUSDT@1m,BTCUSDT@5m'), PATIENT);
    expect(await at('search-dialog').count()).toBe(0);
    await eventually(async () => expect(await at('announcer').innerText()).toContain('ETHUSDT, 1m: chart 1 of 2'), PATIENT);

    await page.keyboard.type('15');
    await eventually(async () => expect(await at('interval-input').inputValue()).toBe('15'), PATIENT);
    await page.keyboard.press('Enter');
    await eventually(() => expect(addressOf(page).get('panes')).toBe('ETHUSDT@15m,BTCUSDT@5m'), PATIENT);

    await page.keyboard.press('?');
    await at('shortcuts-dialog').waitFor();
    await page.keyboard.press('Escape');
    await at('shortcuts-dialog').waitFor({ state: 'detached' });

    await page.keyboard.type('nopeusdt');
    await at('track').click();
    await eventually(async () => expect(await at('track-fault').innerText()).toMatch(/^UNAUTHENTICATED: .*TRACK/), PATIENT);
  });

  it('has six intervals in a row and all twelve in a menu', async () => {
    await open('layout=1&panes=BTCUSDT@1m');
    for (const interval of ['5m', '15m', '1h', '4h', '1d', '1m']) {
      await at(`interval-0-${interval}`).click();
      await eventually(() => expect(addressOf(page).get('panes')).toBe(`BTCUSDT@${interval}`), PATIENT);
      expect(await at(`interval-0-${interval}`).getAttribute('aria-current')).toBe('true');
    }
    await at('intervals-0').click();
    const items = page.getByRole('menu', { name: 'All intervals' }).getByRole('menuitem');
    expect(await items.allInnerTexts()).toEqual(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w']);
    await items.filter({ hasText: '2h' }).first().click();
    await eventually(async () => {
      const [first, second] = await barsOf(page, 0);
      expect((second?.openTime ?? 0) - (first?.openTime ?? 0)).toBe(120 * MINUTE_MS);
    }, PATIENT);
  });

  it('divides the price axis evenly, by ratio, or in percent', async () => {
    await open('layout=1&panes=BTCUSDT@1h');
    const scale = async (name: string) => {
      await at('more-0').click();
      await at(`scale-${name}-0`).click();
      await page.mouse.move(2, 2);
    };
    const axis = async () => {
      const box = (await chartOf(0).boundingBox()) as { x: number; y: number; width: number; height: number };
      const clip = { x: box.x + box.width - 70, y: box.y + 60, width: 60, height: box.height - 120 };
      return (await page.screenshot({ clip })).toString('base64');
    };
    const even = await axis();
    const [a = 0, b = 0, c = 0] = await pricesOf(page);
    expect((a - b) / (b - c)).toBeCloseTo(1, 6);
    await scale('log');
    await eventually(async () => {
      const [x = 0, y = 0, z = 0] = await pricesOf(page);
      expect(x / y / (y / z)).toBeCloseTo(1, 6);
      expect((x - y) / (y - z)).not.toBeCloseTo(1, 3);
    }, PATIENT);
    await eventually(() => expect(addressOf(page).get('scale')).toBe('log'), PATIENT);
    await scale('percent');
    await eventually(() => expect(addressOf(page).get('scale')).toBe('percent'), PATIENT);
    await eventually(async () => expect(await axis()).not.toBe(even), PATIENT);
    await scale('linear');
    await eventually(async () => expect(await axis()).toBe(even), PATIENT);
  });

  it('is moved and zoomed with the keyboard', async () => {
    await open('layout=1&panes=BTCUSDT@1m');
    const length = async () => {
      const { from, to } = (await spanOf(page, 0)) as Span;
      return to - from;
    };
    const [whole, newest] = [await length(), (await spanOf(page, 0))?.to ?? 0];
    await chartOf(0).focus();
    await page.keyboard.press('+');
    await eventually(async () => expect(await length()).toBeLessThan(whole * 0.9), PATIENT);
    await page.keyboard.press('-');
    await page.keyboard.press('-');
    await eventually(async () => expect(await length()).toBeGreaterThan(whole * 1.1), PATIENT);
    await page.keyboard.press('ArrowLeft');
    await eventually(async () => expect((await spanOf(page, 0))?.to).toBeLessThan(newest), PATIENT);
    await page.keyboard.press('Home');
    await eventually(async () => expect((await spanOf(page, 0))?.to).toBeLessThan(newest - 120 * MINUTE_MS), PATIENT);
    await page.keyboard.press('End');
    await eventually(async () => expect((await spanOf(page, 0))?.to).toBeGreaterThanOrEqual(newest - MINUTE_MS), PATIENT);
  });

  it('writes times of this machine when told to', async () => {
    await open('layout=1&panes=BTCUSDT@1m', { timezoneId: 'Asia/Kolkata' });
    await at('more-0').click();
    await at('table-0').click();
    const times = at('table-view').locator('tbody th');
    const newest = ((await barsOf(page, 0)).at(-1)?.openTime ?? 0) as number;
    const clockAt = (time: number) => new Date(time).toISOString().slice(11, 16);
    expect(await times.first().innerText()).toContain(clockAt(newest));
    await at('open-appearance').click();
    await page.getByLabel('Times').selectOption('local');
    await page.keyboard.press('Escape');
    await eventually(async () => expect(await times.first().innerText()).toContain(clockAt(newest + 330 * MINUTE_MS)), PATIENT);
    expect(await page.getByTitle('Times are of this machine').innerText()).toBe('Local');
    await eventually(() => expect(addressOf(page).get('clock')).toBe('local'), PATIENT);
  });

  it('draws in colours of one’s own, again from the address', async () => {
    await open('layout=1&panes=BTCUSDT@1m');
    const drawn = `[...document.querySelectorAll('[data-testid="pane-0"] canvas')].some((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((red, at) => at % 4 === 0 && red === 0x12 && data[at + 1] === 0xab && data[at + 2] === 0x34);
    })`;
    expect(await page.evaluate(drawn)).toBe(false);
    await at('open-appearance').click();
    await at('colour-up').fill('#12ab34');
    await at('colour-down').fill('#ab12cd');
    await page.keyboard.press('Escape');
    await eventually(() => expect(addressOf(page).get('colours')).toBe('12ab34-ab12cd'), PATIENT);
    await eventually(async () => expect(await page.evaluate(drawn)).toBe(true), PATIENT);
    await page.reload();
    await eventually(async () => expect(await page.evaluate(drawn)).toBe(true), PATIENT);
    const style = "getComputedStyle(document.querySelector('main')).getPropertyValue('--down')";
    expect(await page.evaluate<string>(style)).toBe('#ab12cd');
  });

  it('draws indicators and another pair beside the candles, again from the address', async () => {
    await open(TWO);
    await at('open-indicators').click();
    await at('indicator-setting-0').fill('0');
    expect(await at('indicators-dialog').innerText()).toContain('SMA: period "0" is not a whole number from 1 to 500');
    await at('indicator-setting-0').fill('5');
    await at('indicator-add').click();
    await at('indicator-kind').selectOption('rsi');
    await at('indicator-add').click();
    await page.keyboard.press('Escape');
    await at('open-compare').click();
    await at('found-ETHUSDT').click();
    const check = async () => {
      await page.mouse.move(2, 2);
      await eventually(async () => {
        const closes = (await barsOf(page, 0)).slice(-5).map(({ close }) => close);
        const average = closes.reduce((a, b) => a + b, 0) / closes.length;
        expect(numberIn((await inPane(0, 'line-sma5').innerText()).replace('SMA 5', ''))).toBeCloseTo(average, 1);
        expect(await inPane(0, 'line-rsi14').innerText()).toMatch(/RSI 14 \d+\.\d\d/);
        expect(await inPane(0, 'line-compare').innerText()).toMatch(/ETH\/USDT 2\d,\d{3}\.50/);
      }, PATIENT);
      expect(addressOf(page).get('ind')).toBe('sma5.rsi14,');
      expect(addressOf(page).get('cmp')).toBe('ETHUSDT,');
    };
    await check();
    await page.reload();
    await drawn(0);
    await check();
  });

  it('says where candles are missing and why, in the chart and in its table', async () => {
    await open('layout=1&panes=ETHUSDT@1m');
    const reason = '7 candles missing: exchange outage';
    await eventually(async () => expect(await at('gap-count').innerText()).toBe(reason), PATIENT);
    await at('more-0').click();
    await at('table-0').click();
    await at('overview-window').focus();
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('-');
    await eventually(async () => {
      const text = await at('table-view').innerText();
      expect(text).toContain(reason);
      expect(text).toContain('Open time (UTC)');
    }, PATIENT);
  });

  it('saves what is shown as CSV, Parquet and a picture', async () => {
    await open('layout=1&panes=BTCUSDT@5m');
    const fromMenu = (testId: string) => async () => {
      await at('more-0').click();
      await at(testId).click();
    };
    const lines = (await saved(fromMenu('csv-0'))).toString().trim().split(/\r?\n/);
    const span = (await spanOf(page, 0)) as Span;
    expect(lines[0]).toMatch(/^open_time,open,high,low,close,/);
    const bars = (await barsOf(page, 0)).filter(({ openTime }) => openTime >= span.from && openTime < system.end - 5 * MINUTE_MS);
    expect(lines.length - 1).toBeGreaterThanOrEqual(bars.length);
    expect(lines.length - 1).toBeLessThanOrEqual(bars.length + 1);
    expect((await saved(fromMenu('parquet-0'))).subarray(0, 4).toString()).toBe('PAR1');
    const picture = await saved(fromMenu('picture-0'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeGreaterThan(5_000);
  });

  it('keeps the range in the address, moved in the overview, and its colours', async () => {
    await open('layout=1&panes=BTCUSDT@1m');
    await at('overview-window').focus();
    await page.keyboard.press('Home');
    await eventually(() => expect(addressOf(page).get('range')).toMatch(/^\d+-\d+$/), PATIENT);
    const span = (await spanOf(page, 0)) as Span;
    await at('open-appearance').click();
    await at('palette-classic').click();
    await page.getByRole('button', { name: 'Light', exact: true }).click();
    await page.keyboard.press('Escape');
    await eventually(() => expect(addressOf(page).get('colours')).toBe('classic'), PATIENT);
    await eventually(() => expect(addressOf(page).get('theme')).toBe('light'), PATIENT);
    await page.reload();
    await drawn(0);
    await eventually(async () => {
      const after = await spanOf(page, 0);
      expect(Math.abs((after?.from ?? 0) - span.from)).toBeLessThan(2 * MINUTE_MS);
      expect(Math.abs((after?.to ?? 0) - span.to)).toBeLessThan(2 * MINUTE_MS);
    }, PATIENT);
    expect(await page.evaluate<string>(`getComputedStyle(document.querySelector('main')).getPropertyValue('--up')`)).toBe('#0b7a6f');
    await at('jump-to-live').click();
    await eventually(() => expect(addressOf(page).get('range')).toBeNull(), PATIENT);
  });

  it('keeps layouts under names, and gives and takes them as a file', async () => {
    await open(TWO);
    await at('open-layouts').click();
    await at('layout-name').fill('Two charts');
    await at('layout-save').click();
    const file = await saved(() => at('layout-export').click());
    expect(JSON.parse(file.toString()).layouts[0]).toMatchObject({ name: 'Two charts', parts: { layout: '2h' } });
    await at('layout-import').setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"x"}') });
    await eventually(
      async () => expect(await at('layout-fault').innerText()).toContain('bad.json: the file is not of the format'),
      PATIENT,
    );
    const more = JSON.stringify({
      format: 'candlecast-layouts',
      version: 1,
      layouts: [{ name: 'Six', parts: { layout: '6', panes: 'ETHUSDT@1h' } }],
    });
    await at('layout-import').setInputFiles({ name: 'more.json', mimeType: 'application/json', buffer: Buffer.from(more) });
    await at('layout-open-Six').click();
    await drawn(5);
    expect(addressOf(page).get('panes')).toMatch(/^ETHUSDT@1h,/);
    await page.reload();
    await drawn(0);
    await at('open-layouts').click();
    await at('layout-open-Two charts').click();
    await eventually(() => expect(addressOf(page).get('layout')).toBe('2h'), PATIENT);
  });
});
