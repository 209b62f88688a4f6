import { eventually } from '@candlecast/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './browser.ts';
import { addressOf, barsOf, MINUTE_MS, type OpenWorkspace, openWorkspace, PATIENT, type Span, spanOf, TWO } from './open-workspace.ts';

/** Prices at even steps down the chart. */
const pricesOf = (page: Page) => page.evaluate<number[]>('[160, 300, 440].map((y) => window.__candlecast.panes[0].priceAt(y))');
const numberIn = (text: string) => Number(text.replaceAll(/[^\d.]/g, ''));

describe.skipIf(!findChromium())('the charts of the workspace, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let workspace: OpenWorkspace;

  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.stop());

  it('divides the price axis evenly, by ratio, or in percent', async () => {
    await workspace.open('layout=1&panes=BTCUSDT@1h');
    const scale = async (name: string) => {
      await workspace.at('more-0').click();
      await workspace.at(`scale-${name}-0`).click();
      await workspace.page.mouse.move(2, 2);
    };
    const axis = async () => {
      const box = (await workspace.chartOf(0).boundingBox()) as { x: number; y: number; width: number; height: number };
      const clip = { x: box.x + box.width - 70, y: box.y + 60, width: 60, height: box.height - 120 };
      return (await workspace.page.screenshot({ clip })).toString('base64');
    };
    const even = await axis();
    const [a = 0, b = 0, c = 0] = await pricesOf(workspace.page);
    expect((a - b) / (b - c)).toBeCloseTo(1, 6);
    await scale('log');
    await eventually(async () => {
      const [x = 0, y = 0, z = 0] = await pricesOf(workspace.page);
      expect(x / y / (y / z)).toBeCloseTo(1, 6);
      expect((x - y) / (y - z)).not.toBeCloseTo(1, 3);
    }, PATIENT);
    await eventually(() => expect(addressOf(workspace.page).get('scale')).toBe('log'), PATIENT);
    await scale('percent');
    await eventually(() => expect(addressOf(workspace.page).get('scale')).toBe('percent'), PATIENT);
    await eventually(async () => expect(await axis()).not.toBe(even), PATIENT);
    await scale('linear');
    await eventually(async () => expect(await axis()).toBe(even), PATIENT);
  });

  it('is moved and zoomed with the keyboard', async () => {
    await workspace.open('layout=1&panes=BTCUSDT@1m');
    const length = async () => {
      const { from, to } = (await spanOf(workspace.page, 0)) as Span;
      return to - from;
    };
    const [whole, newest] = [await length(), (await spanOf(workspace.page, 0))?.to ?? 0];
    await workspace.chartOf(0).focus();
    await workspace.page.keyboard.press('+');
    await eventually(async () => expect(await length()).toBeLessThan(whole * 0.9), PATIENT);
    await workspace.page.keyboard.press('-');
    await workspace.page.keyboard.press('-');
    await eventually(async () => expect(await length()).toBeGreaterThan(whole * 1.1), PATIENT);
    await workspace.page.keyboard.press('ArrowLeft');
    await eventually(async () => expect((await spanOf(workspace.page, 0))?.to).toBeLessThan(newest), PATIENT);
    await workspace.page.keyboard.press('Home');
    await eventually(async () => expect((await spanOf(workspace.page, 0))?.to).toBeLessThan(newest - 120 * MINUTE_MS), PATIENT);
    await workspace.page.keyboard.press('End');
    await eventually(async () => expect((await spanOf(workspace.page, 0))?.to).toBeGreaterThanOrEqual(newest - MINUTE_MS), PATIENT);
  });

  it('writes times of this machine when told to', async () => {
    await workspace.open('layout=1&panes=BTCUSDT@1m', { timezoneId: 'Asia/Kolkata' });
    await workspace.at('more-0').click();
    await workspace.at('table-0').click();
    const times = workspace.at('table-view').locator('tbody th');
    const newest = ((await barsOf(workspace.page, 0)).at(-1)?.openTime ?? 0) as number;
    const clockAt = (time: number) => new Date(time).toISOString().slice(11, 16);
    expect(await times.first().innerText()).toContain(clockAt(newest));
    await workspace.at('open-appearance').click();
    await workspace.page.getByLabel('Times').selectOption('local');
    await workspace.page.keyboard.press('Escape');
    await eventually(async () => expect(await times.first().innerText()).toContain(clockAt(newest + 330 * MINUTE_MS)), PATIENT);
    expect(await workspace.page.getByTitle('Times are of this machine').innerText()).toBe('Local');
    await eventually(() => expect(addressOf(workspace.page).get('clock')).toBe('local'), PATIENT);
  });

  it('draws in colours of one’s own, again from the address', async () => {
    await workspace.open('layout=1&panes=BTCUSDT@1m');
    const drawn = `[...document.querySelectorAll('[data-testid="pane-0"] canvas')].some((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((red, at) => at % 4 === 0 && red === 0x12 && data[at + 1] === 0xab && data[at + 2] === 0x34);
    })`;
    expect(await workspace.page.evaluate(drawn)).toBe(false);
    await workspace.at('open-appearance').click();
    await workspace.at('colour-up').fill('#12ab34');
    await workspace.at('colour-down').fill('#ab12cd');
    await workspace.page.keyboard.press('Escape');
    await eventually(() => expect(addressOf(workspace.page).get('colours')).toBe('12ab34-ab12cd'), PATIENT);
    await eventually(async () => expect(await workspace.page.evaluate(drawn)).toBe(true), PATIENT);
    await workspace.page.reload();
    await eventually(async () => expect(await workspace.page.evaluate(drawn)).toBe(true), PATIENT);
    const style = "getComputedStyle(document.querySelector('main')).getPropertyValue('--down')";
    expect(await workspace.page.evaluate<string>(style)).toBe('#ab12cd');
  });

  it('draws indicators and another pair beside the candles, again from the address', async () => {
    await workspace.open(TWO);
    await workspace.at('open-indicators').click();
    await workspace.at('indicator-setting-0').fill('0');
    expect(await workspace.at('indicators-dialog').innerText()).toContain('SMA: period "0" is not a whole number from 1 to 500');
    await workspace.at('indicator-setting-0').fill('5');
    await workspace.at('indicator-add').click();
    await workspace.at('indicator-kind').selectOption('rsi');
    await workspace.at('indicator-add').click();
    await workspace.page.keyboard.press('Escape');
    await workspace.at('open-compare').click();
    await workspace.at('found-ETHUSDT').click();
    const check = async () => {
      await workspace.page.mouse.move(2, 2);
      await eventually(async () => {
        const closes = (await barsOf(workspace.page, 0)).slice(-5).map(({ close }) => close);
        const average = closes.reduce((a, b) => a + b, 0) / closes.length;
        expect(numberIn((await workspace.inPane(0, 'line-sma5').innerText()).replace('SMA 5', ''))).toBeCloseTo(average, 1);
        expect(await workspace.inPane(0, 'line-rsi14').innerText()).toMatch(/RSI 14 \d+\.\d\d/);
        expect(await workspace.inPane(0, 'line-compare').innerText()).toMatch(/ETH\/USDT 2\d,\d{3}\.50/);
      }, PATIENT);
      expect(addressOf(workspace.page).get('ind')).toBe('sma5.rsi14,');
      expect(addressOf(workspace.page).get('cmp')).toBe('ETHUSDT,');
    };
    await check();
    await workspace.page.reload();
    await workspace.drawn(0);
    await check();
  });

  it('says where candles are missing and why, in the chart and in its table', async () => {
    await workspace.open('layout=1&panes=ETHUSDT@1m');
    const reason = '7 candles missing: exchange outage';
    await eventually(async () => expect(await workspace.at('gap-count').innerText()).toBe(reason), PATIENT);
    await workspace.at('more-0').click();
    await workspace.at('table-0').click();
    await workspace.at('overview-window').focus();
    for (let press = 0; press < 3; press += 1) await workspace.page.keyboard.press('-');
    await eventually(async () => {
      const text = await workspace.at('table-view').innerText();
      expect(text).toContain(reason);
      expect(text).toContain('Open time (UTC)');
    }, PATIENT);
  });

  it('saves what is shown as CSV, Parquet and a picture', async () => {
    await workspace.open('layout=1&panes=BTCUSDT@5m');
    const fromMenu = (testId: string) => async () => {
      await workspace.at('more-0').click();
      await workspace.at(testId).click();
    };
    const lines = (await workspace.saved(fromMenu('csv-0'))).toString().trim().split(/\r?\n/);
    const span = (await spanOf(workspace.page, 0)) as Span;
    expect(lines[0]).toMatch(/^open_time,open,high,low,close,/);
    const bars = (await barsOf(workspace.page, 0)).filter(
      ({ openTime }) => openTime >= span.from && openTime < workspace.system.end - 5 * MINUTE_MS,
    );
    expect(lines.length - 1).toBeGreaterThanOrEqual(bars.length);
    expect(lines.length - 1).toBeLessThanOrEqual(bars.length + 1);
    expect((await workspace.saved(fromMenu('parquet-0'))).subarray(0, 4).toString()).toBe('PAR1');
    const picture = await workspace.saved(fromMenu('picture-0'));
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    expect(picture.length).toBeGreaterThan(5_000);
  });
});
