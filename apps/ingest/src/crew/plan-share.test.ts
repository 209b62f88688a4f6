import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planShare } from './plan-share.ts';

const alive = (...ids: number[]) => ids.map((id) => ({ id, isAlive: true }));

describe('planShare', () => {
  it.each([
    ['all to the only one', 11, alive(3), 3, 0, { take: 11, release: 0 }],
    ['nothing when the spread is even', 10, alive(3, 4), 4, 5, { take: 0, release: 0 }],
    ['what does not divide to the oldest', 11, alive(3, 4), 3, 5, { take: 1, release: 0 }],
    ['the surplus back when somebody joins', 11, alive(3, 4), 3, 11, { take: 0, release: 5 }],
    ['nothing to a process that is not there', 11, alive(3), 9, 4, { take: 0, release: 0 }],
    ['the part of the dead to the living', 10, [...alive(3), { id: 4, isAlive: false }], 3, 5, { take: 5, release: 0 }],
  ])('gives %s', (_, wanted, members, id, kept, share) => {
    expect(planShare(wanted, members, id, kept)).toEqual(share);
  });

  it('ends with every instrument at one process and no two further apart than one, whatever it starts from', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 9 }), (kept) => {
        const wanted = kept.reduce((sum, count) => sum + count, 0);
        const members = alive(...kept.map((_, index) => index));
        const after = kept.map((count, id) => {
          const { take, release } = planShare(wanted, members, id, count);
          return count + take - release;
        });
        expect(after.reduce((sum, count) => sum + count, 0)).toBe(wanted);
        expect(Math.max(...after) - Math.min(...after)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
