import { describe, expect, it } from 'vitest';
import { formatAge, formatCountdown, isStale } from './duration-text.ts';

describe('formatCountdown', () => {
  it.each([
    [-5, '00:00'],
    [59_999, '00:59'],
    [249_000, '04:09'],
    [3_600_000, '1:00:00'],
    [86_399_000, '23:59:59'],
    [183_600_000, '2d 03h'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatCountdown(ms)).toBe(text);
  });
});

describe('formatAge', () => {
  it.each([
    [-1, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [7_200_000, '2 h'],
    [200_000_000, '2 d'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatAge(ms)).toBe(text);
  });
});

describe('isStale', () => {
  it('begins after twice the cadence', () => {
    expect([119_999, 120_000, 120_001].map((ageMs) => isStale(ageMs, 60_000))).toEqual([false, false, true]);
  });
});
