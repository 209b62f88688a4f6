import { describe, expect, it } from 'vitest';
import { stepTab } from './panel-tabs.ts';

describe('the tabs of the side panel', () => {
  it.each([
    ['watchlist', 'ArrowRight', 'tape'],
    ['watchlist', 'ArrowLeft', 'alerts'],
    ['alerts', 'ArrowRight', 'watchlist'],
    ['tape', 'End', 'alerts'],
    ['alerts', 'Home', 'watchlist'],
    ['tape', 'a', undefined],
  ] as const)('from %s with %s lead to %s', (from, key, to) => {
    expect(stepTab(['watchlist', 'tape', 'alerts'], from, key)).toBe(to);
  });
});
