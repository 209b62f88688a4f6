import { setTimeout as turnOfTheLoop } from 'node:timers/promises';
import { toEpochMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { describe, expect, it, vi } from 'vitest';
import type { Purpose } from '../exchange.ts';
import { createRateBudget } from './rate-budget.ts';

/** A budget of `limit` a minute, started `second` seconds into a minute. */
function aBudget({ limit = 100, second = 1 }: { limit?: number; second?: number } = {}) {
  const startedAt = performance.now();
  const now = () => toEpochMs(Math.round(1_640_995_200_000 + second * 1_000 + performance.now() - startedAt));
  const budget = createRateBudget({ now }, limit);
  const ran: string[] = [];
  const ask = (name: string, weight: number, purpose: Purpose) =>
    void budget.run({ weight, purpose }, async () => void ran.push(name)).catch(() => undefined);
  return { budget, ran, ask, now };
}

/** Lets everything that may run do so: many turns of the event loop without anything new. */
async function settle(ran: readonly string[] = []): Promise<void> {
  for (let quietTurns = 0, seen = ran.length; quietTurns < 40; quietTurns += 1) {
    await turnOfTheLoop(0);
    if (ran.length > seen) quietTurns = 0;
    seen = ran.length;
  }
}

describe('createRateBudget', () => {
  it('spends four fifths of the limit, a fifth of the limit on repairs only', async () => {
    const { budget, ran, ask } = aBudget();
    for (let index = 0; index < 50; index += 1) ask('history', 2, 'history');
    await settle(ran);
    expect(ran).toHaveLength(30);
    for (let index = 0; index < 50; index += 1) ask('repair', 2, 'repair');
    await settle(ran);
    expect(ran.filter((name) => name === 'repair')).toHaveLength(10);
    await budget.close();
  });

  it('lets repairs go before history that waits', async () => {
    const { budget, ran, ask } = aBudget({ limit: 6_000 });
    let release: (() => void) | undefined;
    const held = budget.run({ weight: 60, purpose: 'repair' }, () => new Promise<void>((resolve) => (release = resolve)));
    await settle(ran);
    ask('history', 2, 'history');
    ask('repair', 2, 'repair');
    await settle(ran);
    expect(ran).toEqual([]);
    release?.();
    await held;
    await settle(ran);
    expect(ran).toEqual(['repair', 'history']);
    await budget.close();
  });

  it('believes the exchange about what others at this address have used', async () => {
    const { budget, ran, ask, now } = aBudget();
    budget.observeUsed(70, now());
    for (let index = 0; index < 10; index += 1) ask('repair', 2, 'repair');
    ask('history', 2, 'history');
    await settle(ran);
    expect(ran).toEqual(Array.from({ length: 5 }, () => 'repair'));
    await budget.close();
  });

  it('goes on in the next minute', async () => {
    const { budget, ran, ask } = aBudget({ second: 59.7 });
    for (let index = 0; index < 60; index += 1) ask('repair', 2, 'repair');
    await eventually(() => expect(ran).toHaveLength(60));
    await budget.close();
  });

  it('starts nothing during a pause, whatever a reply says', async () => {
    const { budget, ran, ask, now } = aBudget({ second: 59.9 });
    const startedAt = now();
    budget.pause(400);
    ask('repair', 2, 'repair');
    budget.observeUsed(0, now());
    await settle(ran);
    expect(ran).toEqual([]);
    await eventually(() => expect(ran).toEqual(['repair']));
    expect(now() - startedAt).toBeGreaterThanOrEqual(400);
    await budget.close();
  });

  it('takes over the limit that the exchange states', async () => {
    const { budget, ran, ask } = aBudget({ limit: 6_000 });
    budget.setLimit(10);
    for (let index = 0; index < 10; index += 1) ask('repair', 2, 'repair');
    await settle(ran);
    expect(ran).toHaveLength(4);
    await budget.close();
  });

  it('spends no more than its share, and of that no more than others have left', async () => {
    const { budget, ran, ask, now } = aBudget();
    budget.setShare(0.5);
    for (let index = 0; index < 50; index += 1) ask('repair', 2, 'repair');
    await settle(ran);
    expect(ran).toHaveLength(20);
    budget.observeUsed(76, now());
    budget.setShare(1);
    await settle(ran);
    expect(ran).toHaveLength(22);
    await budget.close();
  });

  it('says for how long the exchange wants to be left alone', async () => {
    const { budget } = aBudget();
    expect(budget.pausedForMs()).toBe(0);
    budget.pause(60_000);
    budget.pause(1_000);
    expect(budget.pausedForMs()).toBeGreaterThan(50_000);
    await budget.close();
  });

  it('is not misled by answers that overtake each other or come from the last minute', async () => {
    const { budget, ran, ask, now } = aBudget();
    budget.observeUsed(70, now());
    budget.observeUsed(76, toEpochMs(now() - 5));
    budget.observeUsed(10, toEpochMs(now() - 10));
    budget.observeUsed(0, toEpochMs(now() - 60_000));
    for (let index = 0; index < 10; index += 1) ask('repair', 2, 'repair');
    await settle(ran);
    expect(ran).toHaveLength(2);
    await budget.close();
  });

  it('asks now and then whether the minute of the exchange has begun, when everything is used up', async () => {
    vi.useFakeTimers({ now: 1_640_995_201_000, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    try {
      const now = () => toEpochMs(Date.now());
      const budget = createRateBudget({ now }, 100);
      budget.observeUsed(80, now());
      const ran: string[] = [];
      const ask = () => void budget.run({ weight: 2, purpose: 'history' }, async () => void ran.push('history')).catch(() => undefined);
      for (let index = 0; index < 10; index += 1) ask();
      await vi.advanceTimersByTimeAsync(9_000);
      expect(ran).toHaveLength(0);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(ran).toHaveLength(1);
      budget.observeUsed(2, now());
      await vi.advanceTimersByTimeAsync(100);
      expect(ran).toHaveLength(10);
      const closed = budget.close();
      await vi.advanceTimersByTimeAsync(1_000);
      await closed;
    } finally {
      vi.useRealTimers();
    }
  });
});
