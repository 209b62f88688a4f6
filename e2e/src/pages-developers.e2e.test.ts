import { eventually } from '@candlecast/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from './browser.ts';
import type { EdgeSystem } from './edge-system.ts';
import { connected, type OpenPages, openPages } from './open-pages.ts';

const PATIENT = { timeoutMs: 60_000 };

describe.skipIf(!findChromium())('the page for developers, in a real browser (skipped without Chromium: set CHROMIUM_PATH)', () => {
  let pages: OpenPages;
  let system: EdgeSystem;

  beforeAll(async () => {
    pages = await openPages();
    system = pages.system;
  });
  afterAll(() => pages?.stop());

  describe('the desk for keys', () => {
    it('makes, rotates and revokes keys with an admin key, which is kept nowhere', async () => {
      const page = await pages.open('/developers');
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
      const page = await pages.open('/developers');
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
      const page = await pages.open('/developers');
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
      const page = await pages.open('/developers');
      await connected(page);
      await page.getByRole('button', { name: 'Live candles' }).click();
      await page.locator('[data-testid="query-run"]').click();
      await eventually(async () => expect((await answers(page)).join()).toContain('"CandleSnapshot"'), PATIENT);
      await page.locator('[data-testid="query-stop"]').click();
      expect(await page.locator('[data-testid="query-stop"]').count()).toBe(0);
      await page.close();
    });
  });
});
