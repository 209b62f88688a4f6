import { setTimeout as turnOfTheLoop } from 'node:timers/promises';
import { toEpochMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
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
    const { budget, ran, ask } = aBudget();
    budget.observeUsed(70);
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
    budget.observeUsed(0);
    await settle(ran);
    expect(ran).toEqual([]);
    await eventually(() => expect(ran).toEqual(['repair']));
    expect(now() - startedAt).toBeGreaterThanOrEqual(400);
    await budget.close();
  });

  it('takes over the limit that the exchange states', async () => {
    const { budget, ran, ask } = aBudget({ limit: 6_000 });
    budget.setLimit(10);
    budget.observeUsed(0);
    for (let index = 0; index < 10; index += 1) ask('repair', 2, 'repair');
    await settle(ran);
    expect(ran).toHaveLength(4);
    await budget.close();
  });

  it('spends no more than its share, and of that no more than others have left', async () => {
    const { budget, ran, ask } = aBudget();
    budget.setShare(0.5);
    for (let index = 0; index < 50; index += 1) ask('repair', 2, 'repair');
    await settle(ran);
    expect(ran).toHaveLength(20);
    budget.observeUsed(76);
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
});
