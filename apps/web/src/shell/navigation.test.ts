import { describe, expect, it } from 'vitest';
import { isCurrentPage, pageHref, SITE_PAGES } from './navigation.ts';

describe('the header', () => {
  it.each([
    ['/', ['Workspace']],
    ['/markets', ['Markets']],
    ['/i/BTCUSDT', ['Markets']],
    ['/models/7', ['Models']],
    ['/modelsanything', []],
  ])('marks for %s %j', (shown, labels) => {
    expect(SITE_PAGES.filter(({ path }) => isCurrentPage(path, shown)).map(({ label }) => label)).toEqual(labels);
  });
});

describe('pageHref', () => {
  it.each([
    ['/markets', 'dark', {}, '/markets'],
    ['/markets', 'light', {}, '/markets?theme=light'],
    ['/markets#days', 'light', { day: '2026-11-29', after: undefined, empty: '' }, '/markets?day=2026-11-29&theme=light#days'],
    ['/models', 'dark', { runs: ['a', 'b'], theme: 'light' }, '/models?runs=a&runs=b'],
  ] as const)('makes the address of %s in the %s theme', (path, theme, query, href) => expect(pageHref(path, theme, query)).toBe(href));
});
