import { describe, expect, it } from 'vitest';
import { isAfter } from './cursor-order.ts';
import { cursorOf } from './testing/scripted-gateway.ts';

describe('isAfter', () => {
  it.each([
    ['a later one', cursorOf(10), cursorOf(9), true],
    ['itself', cursorOf(9), cursorOf(9), false],
    ['an earlier one', cursorOf(9), cursorOf(10), false],
    ['one of another log', cursorOf(1, '22222222-2222-4222-8222-222222222222'), cursorOf(9), true],
    ['no cursor', 'nonsense!', cursorOf(9), true],
    ['a page cursor', btoa('p1.1640995200000').replaceAll('=', ''), cursorOf(9), true],
  ])('decides on %s', (_, cursor, other, expected) => {
    expect(isAfter(cursor, other)).toBe(expected);
  });
});
