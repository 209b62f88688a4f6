import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import type { ShownPage } from './pages.ts';

/** The screens, and how far down a page is shown. */
export const DEVICES = {
  desk: { viewport: { width: 1440, height: 900 }, mostHeight: 2_400 },
  phone: { viewport: { width: 390, height: 844 }, mostHeight: 2_600, deviceScaleFactor: 1.5, isMobile: true, hasTouch: true },
} as const;
export type Device = keyof typeof DEVICES;
export const THEMES = ['dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** What is left of a picture's quality: text stays sharp, and forty pictures have a few megabytes. */
const QUALITY = 62;
/** Fonts, charts and the last answers have come by then. */
const SETTLE_MS = 2_500;
const PATIENT_MS = 90_000;

/** Names the file of a picture. */
export function fileOf({ name }: ShownPage, device: Device, theme: Theme): string {
  return `${name}-${device}-${theme}.webp`;
}

/** Opens a page, waits until it stands still, and writes its picture. */
export async function takePicture(
  browser: Browser,
  webUrl: string,
  page: ShownPage,
  { device, theme, folder }: { readonly device: Device; readonly theme: Theme; readonly folder: string },
): Promise<void> {
  const { mostHeight, ...screen } = DEVICES[device];
  const tab = await browser.newPage({ ...screen, colorScheme: theme });
  try {
    const url = new URL(page.path, webUrl);
    url.searchParams.set('theme', theme);
    const answer = await tab.goto(url.href, { timeout: PATIENT_MS });
    if (!answer?.ok()) throw new Error(`${page.path} answered ${answer?.status()}`);
    await tab
      .locator('[data-testid="connection-state"][data-state="connected"]')
      .first()
      .waitFor({ state: 'attached', timeout: PATIENT_MS });
    await tab.locator(page.waitsFor).first().waitFor({ state: 'attached', timeout: PATIENT_MS });
    await tab.waitForTimeout(SETTLE_MS);
    const { width, height } = screen.viewport;
    const whole = page.isScreenful ? height : await tab.evaluate<number>('document.documentElement.scrollHeight');
    // A screenful is taken as it stands: what is resized for its picture draws its charts anew.
    const session = await tab.context().newCDPSession(tab);
    const { data } = await session.send('Page.captureScreenshot', {
      ...{ format: 'webp', quality: QUALITY, captureBeyondViewport: !page.isScreenful },
      clip: { x: 0, y: 0, width, height: Math.min(Math.max(whole, height), mostHeight), scale: 1 },
    });
    writeFileSync(join(folder, fileOf(page, device, theme)), Buffer.from(data, 'base64'));
  } finally {
    await tab.close();
  }
}
