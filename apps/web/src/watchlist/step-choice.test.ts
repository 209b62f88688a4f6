import { describe, expect, it } from 'vitest';
import { stepChoice } from './step-choice.ts';

describe('a key in a list', () => {
  it.each([
    ['b', 'ArrowDown', 'c'],
    ['b', 'ArrowUp', 'a'],
    ['a', 'ArrowUp', 'a'],
    ['c', 'ArrowDown', 'c'],
    ['b', 'Home', 'a'],
    ['a', 'End', 'c'],
    [undefined, 'ArrowDown', 'a'],
    ['a', 'x', undefined],
  ])('from %s with %s leads to %s', (current, key, next) => {
    expect(stepChoice(['a', 'b', 'c'], current, key)).toBe(next);
  });

  it('leads nowhere in an empty one', () => {
    expect(stepChoice([], undefined, 'End')).toBeUndefined();
  });
});
