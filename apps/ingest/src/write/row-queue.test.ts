import { createLogger } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { RowQueue } from './row-queue.ts';

const stop: AbortController[] = [];
afterEach(() => {
  for (const each of stop.splice(0)) each.abort();
});

/** A queue over a database that refuses negative numbers and, while `isAway`, answers nothing. */
function aQueue(maxWaiting = 1_000) {
  const state = { isAway: false, statements: [] as number[][], stored: 0, dropped: [] as [number[], string][], depth: 0 };
  const queue = new RowQueue<number>({
    name: 'numbers',
    async write(rows) {
      await eventually(() => expect(state.isAway).toBe(false), { timeoutMs: 60_000 });
      if (rows.some((row) => row < 0)) throw new Error('negative');
      state.statements.push([...rows]);
      return rows.length;
    },
    gatherMs: 5,
    maxRowsPerWrite: 100,
    maxWaiting,
    onStored: (count) => {
      state.stored += count;
    },
    onDropped: (rows, reason) => state.dropped.push([[...rows], reason]),
    onDepth: (depth) => {
      state.depth = depth;
    },
    log: createLogger('test', 'silent'),
  });
  const controller = new AbortController();
  stop.push(controller);
  const running = queue.run(controller.signal);
  const close = () => {
    controller.abort();
    return running;
  };
  return { queue, state, close };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

describe('RowQueue', () => {
  it('gathers rows into few statements, in their order', async () => {
    const { queue, state } = aQueue();
    for (const row of numbers(0, 250)) queue.put([row]);
    await eventually(() => expect(state.stored).toBe(250));
    expect(state.statements.flat()).toEqual(numbers(0, 250));
    expect(state.statements.length).toBeLessThan(20);
    expect(state.dropped).toEqual([]);
  });

  it('refuses what does not fit while the database is away, and stores the rest', async () => {
    const { queue, state } = aQueue(200);
    state.isAway = true;
    queue.put(numbers(0, 50));
    await eventually(() => expect(state.depth).toBe(50));
    queue.put(numbers(50, 300));
    expect(queue.room).toBe(0);
    state.isAway = false;
    await eventually(() => expect(state.stored).toBe(250));
    expect(state.dropped).toEqual([[numbers(250, 300), 'full']]);
    expect(state.statements.flat()).toEqual(numbers(0, 250));
  });

  it('loses only the row that the database refuses', async () => {
    const { queue, state } = aQueue();
    queue.put([1, 2, -3, 4, 5]);
    await eventually(() => expect(state.stored).toBe(4));
    expect(state.dropped).toEqual([[[-3], 'refused']]);
    expect(state.statements.flat()).toEqual([1, 2, 4, 5]);
  });

  it('ends while it waits', async () => {
    await aQueue().close();
  });
});
