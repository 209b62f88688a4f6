import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from './axe.ts';
import { findChromium } from './browser.ts';
import { connected, DESK, type OpenPages, openPages, PAGES, PHONE, RUNNING_REPLAY } from './open-pages.ts';

const ALL = ['/', RUNNING_REPLAY, ...PAGES.map(([path]) => path)];
/** What can be tapped and is smaller than a fingertip, one line each. A label is part of what it names; the chart's maker draws his own mark. */
const SMALL_TARGETS = `[...document.querySelectorAll('a[href], button, select, summary, input:not([type="hidden"])')]
  .filter((element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('p, dd, caption, figcaption, #tv-attr-logo, [popover]:not(:popover-open)'))
  .map((element) => [element, (element.closest('label') ?? element).getBoundingClientRect()])
  .filter(([, { width, height, right, bottom }]) => right > 0 && bottom > 0 && Math.min(width, height) > 1 && (width < 43.5 || height < 43.5))
  .map(([element, { width, height }]) => Math.round(width) + 'x' + Math.round(height) + ' ' + element.outerHTML.slice(0, 120))`;
const SCREENSHOTS = process.env.SCREENSHOT_DIR;

describe.skipIf(!findChromium())('the pages for everybody, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let pages: OpenPages;

  beforeAll(async () => {
    pages = await openPages();
  });
  afterAll(() => pages?.stop());

  it('leads to every page from the menu of a phone, and nothing is wider than it', async () => {
    const page = await pages.open('/markets', { viewport: PHONE });
    for (const [path] of PAGES) {
      await page.goto(pages.urlOf(path));
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(PHONE.width);
    }
    await page.locator('[data-testid="site-menu"]').click();
    await page.locator('[data-testid="site-nav"] details a', { hasText: 'Status' }).click();
    await page.waitForURL('**/status');
    await page.close();
  });

  it.each(ALL)('%s can be touched: what is to be tapped measures 44 pixels, links in sentences aside', async (path) => {
    const page = await pages.open(path, { viewport: PHONE, hasTouch: true, isMobile: true });
    await connected(page);
    expect(await page.evaluate<string[]>(SMALL_TARGETS)).toEqual([]);
    await page.close();
  });

  it.each(ALL)('%s stands still for who wants it to', async (path) => {
    const page = await pages.open(path, { reducedMotion: 'reduce' });
    await connected(page);
    expect(await page.evaluate<number>('document.getAnimations().filter(({ playState }) => playState === "running").length')).toBe(0);
    await page.close();
  });

  it.each(
    ALL.flatMap((path) =>
      (['dark', 'light'] as const).flatMap((theme) => (['desk', 'phone'] as const).map((size) => [path, theme, size] as const)),
    ),
  )('%s in the %s theme on a %s has nothing that axe calls serious', async (path, theme, size) => {
    const page = await pages.open(`${path}${path.includes('?') ? '&' : '?'}theme=${theme}`, { viewport: size === 'phone' ? PHONE : DESK });
    await connected(page);
    if (SCREENSHOTS) {
      const name = path.replaceAll(/\W+/g, '-').slice(1);
      await page.screenshot({ path: `${SCREENSHOTS}/${name}-${theme}-${size}.png`, fullPage: true });
    }
    expect(await findViolations(page)).toEqual([]);
    await page.close();
  });
});
