import { setTimeout as turnOfTheLoop } from 'node:timers/promises';
import { toEpochMs } from '@candlecast/domain';
import { eventually } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import type { Purpose } from '../exchange.ts';
import { createRateBudget } from './rate-budget.ts';

/** A budget of 100 a minute on a clock on which a minute takes `minuteMs` of this machine's time. */
function aBudget({ minuteMs = 60_000, limit = 100 }: { minuteMs?: number; limit?: number } = {}) {
  const speed = 60_000 / minuteMs;
  const startedAt = performance.now();
  // Starts one second into a minute.
  const now = () => toEpochMs(Math.round(1_640_995_201_000 + (performance.now() - startedAt) * speed));
  const budget = createRateBudget({ now, toWallMs: (venueMs) => venueMs / speed }, limit);
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
    const held = budget.run({ weight: 24, purpose: 'repair' }, () => new Promise<void>((resolve) => (release = resolve)));
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

  it('goes on in the next minute of the exchange', async () => {
    const { budget, ran, ask } = aBudget({ minuteMs: 200 });
    for (let index = 0; index < 100; index += 1) ask('repair', 2, 'repair');
    await eventually(() => expect(ran).toHaveLength(100));
    await budget.close();
  });

  it('starts nothing during a pause, whatever a reply says', async () => {
    const { budget, ran, ask, now } = aBudget({ minuteMs: 600 });
    const startedAt = now();
    budget.pause(120_000);
    ask('repair', 2, 'repair');
    budget.observeUsed(0);
    await settle(ran);
    expect(ran).toEqual([]);
    await eventually(() => expect(ran).toEqual(['repair']));
    expect(now() - startedAt).toBeGreaterThanOrEqual(120_000);
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
});
