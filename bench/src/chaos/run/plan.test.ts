import { describe, expect, it } from 'vitest';
import { planChaos } from './plan.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'USDCUSDT'];

/** A plan with the first of its endless parts written out. */
function writeOut(seed: number, cuts: number) {
  const { clients, great } = planChaos(seed, cuts, SYMBOLS);
  const first = <T>(values: Iterator<T>) => Array.from({ length: 20 }, () => values.next().value as T);
  return {
    great,
    clients: clients.map(({ name, streams, gateways, cuts: own }) => ({ name, streams, gateways: first(gateways), cuts: first(own) })),
  };
}

describe('planChaos', () => {
  it('plans the same for the same seed, and something else for another', () => {
    expect(writeOut(7, 200)).toEqual(writeOut(7, 200));
    expect(writeOut(8, 200)).not.toEqual(writeOut(7, 200));
  });

  it('kills and drains gateways and raises storms however few the cuts', () => {
    for (const seed of [1, 2, 3]) {
      const kinds = new Set(planChaos(seed, 1, SYMBOLS).great.map(({ kind }) => kind));
      expect(kinds).toEqual(new Set(['storm', 'gateway killed', 'gateway drained']));
    }
  });

  it('strikes both gateways', () => {
    for (const kind of ['gateway killed', 'gateway drained']) {
      const { great } = planChaos(1, 2_500, SYMBOLS);
      expect(new Set(great.filter((plan) => plan.kind === kind).map(({ gateway }) => gateway))).toEqual(new Set([0, 1]));
    }
  });

  it('begins no stream with a snapshot and a cursor', () => {
    const streams = planChaos(5, 2_500, SYMBOLS).clients.flatMap((client) => client.streams);
    expect(streams.filter(({ snapshot, isFromCursor }) => snapshot > 0 && isFromCursor)).toEqual([]);
    expect(streams.some(({ snapshot }) => snapshot > 0)).toBe(true);
    expect(streams.some(({ isFromCursor }) => isFromCursor)).toBe(true);
  });
});
