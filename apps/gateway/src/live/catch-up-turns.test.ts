import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCatchUpTurns } from './catch-up-turns.ts';

describe('readers that catch up at once', () => {
  it('leave the event loop to others every few milliseconds of their common work, and all get on', async () => {
    let time = 0;
    const turns = createCatchUpTurns(() => time);
    let hasEnded = false;
    let othersRan = 0;
    const longest = { workMs: 0, since: 0 };
    const others = (async () => {
      while (!hasEnded) {
        await nextTurn();
        othersRan += 1;
        longest.workMs = Math.max(longest.workMs, time - longest.since);
        longest.since = time;
      }
    })();
    const READERS = 10;
    const EVENTS = 200;
    const done: number[] = [];
    await Promise.all(
      Array.from({ length: READERS }, async (_, reader) => {
        for (let event = 0; event < EVENTS; event += 1) {
          const rest = turns.rest();
          if (rest) await rest;
          time += 1; // the work of one event
          await Promise.resolve();
        }
        done.push(reader);
      }),
    );
    hasEnded = true;
    await others;
    expect(done).toHaveLength(READERS);
    expect(othersRan).toBeGreaterThan((READERS * EVENTS) / (5 + READERS) - 1);
    // A reader that rests may begin one event more, as may each of the others.
    expect(longest.workMs).toBeLessThanOrEqual(5 + READERS);
  });

  it('wait for nothing while there is little to do', async () => {
    let time = 0;
    const turns = createCatchUpTurns(() => time);
    expect(turns.rest()).toBeUndefined();
    time = 4;
    expect(turns.rest()).toBeUndefined();
    time = 5;
    const rest = turns.rest();
    expect(rest).toBeInstanceOf(Promise);
    expect(turns.rest()).toBe(rest);
    await rest;
    expect(turns.rest()).toBeUndefined();
  });
});
