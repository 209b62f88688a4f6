import { type AlertDirection, type CrossingMemory, toDecimal } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { cross } from './crossing.ts';

/** Lets values follow each other at the level 100; returns what crossed, "." for nothing. */
function play(direction: AlertDirection, margin: string, values: readonly string[], before?: CrossingMemory['side']): string {
  let memory: CrossingMemory | undefined;
  return values
    .map((value) => {
      const reading = {
        value: toDecimal(value),
        level: toDecimal('100'),
        margin: toDecimal(margin),
        direction,
        ...(before ? { before } : {}),
      };
      const step = cross(memory, reading);
      ({ memory } = step);
      return step.crossed ?? '.';
    })
    .join(' ');
}

describe('a value at its level', () => {
  it.each<[string, AlertDirection, string, readonly string[], string]>([
    ['fires on the way that counts', 'UP', '0', ['99', '101', '99', '101'], '. UP . UP'],
    ['fires downwards', 'DOWN', '0', ['101', '99', '101', '99'], '. DOWN . DOWN'],
    ['fires both ways', 'EITHER', '0', ['99', '101', '99', '101'], '. UP DOWN UP'],
    ['does not fire for where it is when it is first seen', 'UP', '0', ['101', '102'], '. .'],
    ['counts the level itself as where it was', 'UP', '0', ['99', '100', '100.00', '100.01'], '. . . UP'],
    ['counts the level itself as where it was, from above', 'DOWN', '0', ['101', '100', '101', '100', '99.99'], '. . . . DOWN'],
    ['that it begins on: the first step off it fires', 'EITHER', '0', ['100', '101'], '. UP'],
    ['fires once while it stays', 'UP', '0', ['99', '101', '105', '103'], '. UP . .'],
    ['fires once while it trembles within the margin', 'UP', '1', ['99', '101', '99.5', '101', '99.01', '100.5'], '. UP . . . .'],
    ['fires again after it has gone back by the margin', 'UP', '1', ['99', '101', '99', '101'], '. UP . UP'],
    ['goes back upwards where falling counts', 'DOWN', '1', ['101', '99', '100.9', '99', '101', '99'], '. DOWN . . . DOWN'],
    ['is armed again on either side where both ways count', 'EITHER', '1', ['99', '100.5', '99.5', '101', '99.5'], '. UP . . DOWN'],
    ['is compared exactly', 'UP', '0', ['99.999999999999999999', '100.000000000000000001'], '. UP'],
  ])('%s', (_, direction, margin, values, expected) => {
    expect(play(direction, margin, values)).toBe(expected);
  });

  it('fires at once where it counts as having been elsewhere', () => {
    expect(play('UP', '0', ['101', '102', '99', '101'], 'BELOW')).toBe('UP . . UP');
  });
});
