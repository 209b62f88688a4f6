import { eventually } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './browser.ts';
import { addressOf, barsOf, MINUTE_MS, type OpenWorkspace, openWorkspace, PATIENT, type Span, spanOf, TWO } from './open-workspace.ts';

const numberIn = (text: string) => Number(text.replaceAll(/[^\d.]/g, ''));

describe.skipIf(!findChromium())('the workspace, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let workspace: OpenWorkspace;

  beforeAll(async () => {
    workspace = await openWorkspace();
  });
  afterAll(() => workspace?.stop());

  it('has layouts of up to nine charts, whose dividers are moved with the keyboard; the address brings them back', async () => {
    await workspace.open(TWO);
    await workspace.at('layout-menu').click();
    await workspace.page.getByRole('menuitem', { name: 'Nine' }).click();
    await workspace.drawn(8);
    expect(addressOf(workspace.page).get('layout')).toBe('9');
    expect(addressOf(workspace.page).get('panes')?.split(',').slice(0, 2)).toEqual(['BTCUSDT@1m', 'BTCUSDT@5m']);
    await workspace.at('divider-columns-0').focus();
    for (let press = 0; press < 5; press += 1) await workspace.page.keyboard.press('ArrowRight');
    await eventually(() => expect(addressOf(workspace.page).get('cols')).toBe('43.23.33'), PATIENT);
    await workspace.page.reload();
    await workspace.drawn(8);
    const [first, second] = [await workspace.at('pane-0').boundingBox(), await workspace.at('pane-1').boundingBox()];
    expect((first?.width ?? 0) / (second?.width ?? 1)).toBeCloseTo(43 / 23, 1);

    await workspace.chartOf(4).dblclick({ position: { x: 60, y: 60 } });
    await eventually(async () => expect(await workspace.at('pane-0').isVisible()).toBe(false), PATIENT);
    expect(await workspace.at('pane-4').isVisible()).toBe(true);
    await workspace.page.keyboard.press('Escape');
    await eventually(async () => expect(await workspace.at('pane-0').isVisible()).toBe(true), PATIENT);
    await workspace.page.keyboard.press('Alt+Enter');
    await eventually(async () => expect(await workspace.at('pane-8').isVisible()).toBe(false), PATIENT);
  });

  it('moves a divider with the pointer, and shows one chart a time on a phone', async () => {
    await workspace.open('layout=3&panes=BTCUSDT@1m,BTCUSDT@5m,ETHUSDT@1m');
    const box = (await workspace.at('divider-columns-0').boundingBox()) as { x: number; y: number; width: number; height: number };
    await workspace.page.mouse.move(box.x + 4, box.y + 200);
    await workspace.page.mouse.down();
    await workspace.page.mouse.move(box.x + 204, box.y + 200, { steps: 4 });
    await workspace.page.mouse.up();
    await eventually(() => expect(Number(addressOf(workspace.page).get('cols')?.split('.')[0])).toBeGreaterThan(60), PATIENT);

    await workspace.open('layout=3&panes=BTCUSDT@1m,BTCUSDT@5m,ETHUSDT@1m', { viewport: { width: 390, height: 844 } });
    expect(await workspace.at('pane-position').innerText()).toBe('1 / 3');
    expect(await workspace.at('pane-1').isVisible()).toBe(false);
    await workspace.at('next-pane').click();
    await workspace.drawn(1);
    expect(await workspace.at('pane-position').innerText()).toBe('2 / 3');
    expect(await workspace.at('pane-0').isVisible()).toBe(false);
    expect(await workspace.page.evaluate<number>('document.documentElement.scrollWidth')).toBe(390);
  });

  it('points at the same time in all charts, and shows the same dates where that is switched on', async () => {
    await workspace.open(TWO);
    await workspace.drawn(1);
    const box = (await workspace.chartOf(0).boundingBox()) as { x: number; y: number; width: number; height: number };
    await workspace.page.mouse.move(box.x + 100, box.y + 200);
    await workspace.page.mouse.move(box.x + 104, box.y + 200);
    const openOf = async (pane: number) => numberIn(await workspace.inPane(pane, 'legend-open').innerText());
    await eventually(async () => {
      const hovered = await openOf(0);
      const minute = (await barsOf(workspace.page, 0)).findLast((bar) => bar.open === hovered)?.openTime ?? 0;
      expect(minute).toBeLessThan(workspace.system.end - 60 * MINUTE_MS + 30 * MINUTE_MS);
      const five = (await barsOf(workspace.page, 1)).find(({ openTime }) => openTime === minute - (minute % (5 * MINUTE_MS)));
      expect(await openOf(1)).toBe(five?.open);
    }, PATIENT);

    const before = await spanOf(workspace.page, 1);
    await workspace.chartOf(0).focus();
    await workspace.page.keyboard.press('Shift+ArrowLeft');
    expect(await spanOf(workspace.page, 1)).toEqual(before);
    await workspace.at('sync-menu').click();
    await workspace.at('sync-range').check();
    await workspace.page.keyboard.press('Escape');
    await workspace.chartOf(0).focus();
    await workspace.page.keyboard.press('Shift+ArrowLeft');
    await eventually(async () => {
      const [one, other] = [await spanOf(workspace.page, 0), await spanOf(workspace.page, 1)];
      expect(Math.abs((one?.from ?? 0) - (other?.from ?? 1))).toBeLessThan(2 * MINUTE_MS);
      expect(Math.abs((one?.to ?? 0) - (other?.to ?? 1))).toBeLessThan(2 * MINUTE_MS);
      expect(other?.to).toBeLessThan(before?.to ?? 0);
    }, PATIENT);
    await eventually(() => expect(addressOf(workspace.page).get('sync')).toBe('cr'), PATIENT);

    await workspace.at('sync-menu').click();
    await workspace.at('sync-interval').check();
    await workspace.page.keyboard.press('Escape');
    await eventually(() => expect(addressOf(workspace.page).get('panes')).toBe('BTCUSDT@1m,BTCUSDT@1m'), PATIENT);
  });

  it('takes a letter for a search, a digit for an interval, and ? for help', async () => {
    await workspace.open(TWO);
    await workspace.page.keyboard.type('eth');
    await eventually(async () => expect(await workspace.at('search-input').inputValue()).toBe('eth'), PATIENT);
    await workspace.at('found-ETHUSDT').waitFor();
    await workspace.page.keyboard.press('Enter');
    await eventually(() => expect(addressOf(workspace.page).get('panes')).toBe('ETHUSDT@1m,BTCUSDT@5m'), PATIENT);
    expect(await workspace.at('search-dialog').count()).toBe(0);
    await eventually(async () => expect(await workspace.at('announcer').innerText()).toContain('ETHUSDT, 1m: chart 1 of 2'), PATIENT);

    await workspace.page.keyboard.type('15');
    await eventually(async () => expect(await workspace.at('interval-input').inputValue()).toBe('15'), PATIENT);
    await workspace.page.keyboard.press('Enter');
    await eventually(() => expect(addressOf(workspace.page).get('panes')).toBe('ETHUSDT@15m,BTCUSDT@5m'), PATIENT);

    await workspace.page.keyboard.press('?');
    await workspace.at('shortcuts-dialog').waitFor();
    await workspace.page.keyboard.press('Escape');
    await workspace.at('shortcuts-dialog').waitFor({ state: 'detached' });

    await workspace.page.keyboard.type('nopeusdt');
    await workspace.at('track').click();
    await eventually(async () => expect(await workspace.at('track-fault').innerText()).toMatch(/^UNAUTHENTICATED: .*TRACK/), PATIENT);
  });

  it('has six intervals in a row and all twelve in a menu', async () => {
    await workspace.open('layout=1&panes=BTCUSDT@1m');
    for (const interval of ['5m', '15m', '1h', '4h', '1d', '1m']) {
      await workspace.at(`interval-0-${interval}`).click();
      await eventually(() => expect(addressOf(workspace.page).get('panes')).toBe(`BTCUSDT@${interval}`), PATIENT);
      expect(await workspace.at(`interval-0-${interval}`).getAttribute('aria-current')).toBe('true');
    }
    await workspace.at('intervals-0').click();
    const items = workspace.page.getByRole('menu', { name: 'All intervals' }).getByRole('menuitem');
    expect(await items.allInnerTexts()).toEqual(['1m', '3m', '5m', '15m', '30m', '1h', '2h', '4h', '6h', '12h', '1d', '1w']);
    await items.filter({ hasText: '2h' }).first().click();
    await eventually(async () => {
      const [first, second] = await barsOf(workspace.page, 0);
      expect((second?.openTime ?? 0) - (first?.openTime ?? 0)).toBe(120 * MINUTE_MS);
    }, PATIENT);
  });

  it('keeps the range in the address, moved in the overview, and its colours', async () => {
    await workspace.open('layout=1&panes=BTCUSDT@1m');
    await workspace.at('overview-window').focus();
    await workspace.page.keyboard.press('Home');
    await eventually(() => expect(addressOf(workspace.page).get('range')).toMatch(/^\d+-\d+$/), PATIENT);
    const span = (await spanOf(workspace.page, 0)) as Span;
    await workspace.at('open-appearance').click();
    await workspace.at('palette-classic').click();
    await workspace.page.getByRole('button', { name: 'Light', exact: true }).click();
    await workspace.page.keyboard.press('Escape');
    await eventually(() => expect(addressOf(workspace.page).get('colours')).toBe('classic'), PATIENT);
    await eventually(() => expect(addressOf(workspace.page).get('theme')).toBe('light'), PATIENT);
    await workspace.page.reload();
    await workspace.drawn(0);
    await eventually(async () => {
      const after = await spanOf(workspace.page, 0);
      expect(Math.abs((after?.from ?? 0) - span.from)).toBeLessThan(2 * MINUTE_MS);
      expect(Math.abs((after?.to ?? 0) - span.to)).toBeLessThan(2 * MINUTE_MS);
    }, PATIENT);
    expect(await workspace.page.evaluate<string>(`getComputedStyle(document.querySelector('main')).getPropertyValue('--up')`)).toBe(
      '#0b7a6f',
    );
    await workspace.at('jump-to-live').click();
    await eventually(() => expect(addressOf(workspace.page).get('range')).toBeNull(), PATIENT);
  });

  it('keeps layouts under names, and gives and takes them as a file', async () => {
    await workspace.open(TWO);
    await workspace.at('open-layouts').click();
    await workspace.at('layout-name').fill('Two charts');
    await workspace.at('layout-save').click();
    const file = await workspace.saved(() => workspace.at('layout-export').click());
    expect(JSON.parse(file.toString()).layouts[0]).toMatchObject({ name: 'Two charts', parts: { layout: '2h' } });
    await workspace
      .at('layout-import')
      .setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from('{"format":"x"}') });
    await eventually(
      async () => expect(await workspace.at('layout-fault').innerText()).toContain('bad.json: the file is not of the format'),
      PATIENT,
    );
    const more = JSON.stringify({
      format: 'candlecast-layouts',
      version: 1,
      layouts: [{ name: 'Six', parts: { layout: '6', panes: 'ETHUSDT@1h' } }],
    });
    await workspace.at('layout-import').setInputFiles({ name: 'more.json', mimeType: 'application/json', buffer: Buffer.from(more) });
    await workspace.at('layout-open-Six').click();
    await workspace.drawn(5);
    expect(addressOf(workspace.page).get('panes')).toMatch(/^ETHUSDT@1h,/);
    await workspace.page.reload();
    await workspace.drawn(0);
    await workspace.at('open-layouts').click();
    await workspace.at('layout-open-Two charts').click();
    await eventually(() => expect(addressOf(workspace.page).get('layout')).toBe('2h'), PATIENT);
  });
});
