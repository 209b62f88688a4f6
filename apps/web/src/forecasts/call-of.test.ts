import { describe, expect, it } from 'vitest';
import { callOf, formatChance, outcomeOf } from './call-of.ts';

describe('the call of a forecast', () => {
  it.each([
    [0.63, 'UP', '63 %'],
    [0.37, 'DOWN', '63 %'],
    [0.5, 'NO CALL', '50 %'],
    [0.503, 'UP', '50.3 %'],
    [0.496, 'DOWN', '50.4 %'],
    [1, 'UP', '100 %'],
  ])('of a rise with probability %d is %s, %s', (pUp, call, chance) => {
    expect([callOf(pUp), formatChance(pUp)]).toEqual([call, chance]);
  });
});

describe('what came of a forecast', () => {
  const resolved = { hit: null, voidReason: null, isReference: false };
  it.each([
    [null, 'waiting'],
    [{ ...resolved, voidReason: 'EXCHANGE_OUTAGE' }, 'void'],
    [{ ...resolved, hit: true }, 'hit'],
    [{ ...resolved, hit: false }, 'miss'],
    [resolved, 'no call'],
    [{ ...resolved, isReference: true }, 'late'],
  ])('%j is "%s"', (resolution, outcome) => {
    expect(outcomeOf(resolution)).toBe(outcome);
  });
});
