import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TapeVerdict, TradeTape } from './trade-tape.ts';

function take(tape: TradeTape, ...ids: number[]): TapeVerdict[] {
  return ids.map((id) => tape.take(id).verdict);
}

describe('TradeTape', () => {
  it('sees what is passed over, and what comes late or twice', () => {
    const tape = new TradeTape();
    expect(take(tape, 10, 11, 11, 14, 12, 12, 9)).toEqual(['new', 'new', 'repeated', 'new', 'missed', 'repeated', 'repeated']);
    expect(tape.holes).toEqual([{ from: 13, to: 13 }]);
    expect(tape.take(20).hole).toEqual({ from: 15, to: 19 });
  });

  it('joins what was stored before it began, whichever comes first', () => {
    const [early, late] = [new TradeTape(), new TradeTape()];
    expect(early.join(5)).toBeUndefined();
    expect(early.take(8).hole).toEqual({ from: 6, to: 7 });
    take(late, 8, 9, 12);
    expect(late.join(5)).toEqual({ from: 6, to: 7 });
    expect(late.holes).toEqual([
      { from: 6, to: 7 },
      { from: 10, to: 11 },
    ]);
    expect(late.join(2)).toBeUndefined();
    const overlapping = new TradeTape();
    take(overlapping, 8, 9);
    expect(overlapping.join(9)).toBeUndefined();
    expect(overlapping.holes).toEqual([]);
  });

  it('opens again what was lost afterwards', () => {
    const tape = new TradeTape();
    take(tape, 1, 2, 3, 4, 7);
    for (const id of [3, 4, 1]) tape.reopen(id);
    expect(tape.holes).toEqual([
      { from: 1, to: 1 },
      { from: 3, to: 3 },
      { from: 4, to: 4 },
      { from: 5, to: 6 },
    ]);
  });

  it('misses exactly what has not come, in whatever order the rest comes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 100, max: 160 }), { minLength: 1 }), (ids) => {
        const tape = new TradeTape();
        const [first = 0] = ids;
        take(tape, ...ids);
        const missing = tape.holes.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
        const wanted = Array.from({ length: Math.max(...ids) - first + 1 }, (_, index) => first + index).filter((id) => !ids.includes(id));
        expect(missing).toEqual(wanted);
      }),
    );
  });
});
