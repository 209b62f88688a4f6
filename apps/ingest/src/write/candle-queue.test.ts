import { AppError, type ClosedCandles, type CommitResult, type InstrumentId, toEpochMs, toInstrumentId } from '@candlecast/domain';
import { aCandle, eventually } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { createCandleQueue } from './candle-queue.ts';

const [A, B, C] = ['A', 'B', 'C'].map((symbol) => toInstrumentId('SIM', symbol)) as [InstrumentId, InstrumentId, InstrumentId];

function someCandles(count: number) {
  return Array.from({ length: count }, (_, minute) => aCandle({ openTime: toEpochMs(1_640_995_200_000 + minute * 60_000) }));
}

/** A writer that remembers its commits; each waits until the test lets it go on, when `isHeld`. */
function aWriter({ isHeld = false, refuses }: { isHeld?: boolean; refuses?: InstrumentId } = {}) {
  const commits: { id: InstrumentId; count: number }[][] = [];
  const held: (() => void)[] = [];
  return {
    commits,
    letGo: () => held.shift()?.(),
    async commitClosed(batch: readonly ClosedCandles[]): Promise<CommitResult[]> {
      commits.push(batch.map(({ instrumentId, candles }) => ({ id: instrumentId, count: candles.length })));
      if (isHeld) await new Promise<void>((resolve) => held.push(resolve));
      if (batch.some(({ instrumentId }) => instrumentId === refuses)) throw new AppError('database_error', 'no such value');
      return batch.map(({ instrumentId, candles }) => ({
        instrumentId,
        inserted: candles.length,
        corrected: 0,
        completed: 0,
        unchanged: 0,
        watermark: null,
      }));
    },
  };
}

const now = () => toEpochMs(1_640_995_200_000);

describe('createCandleQueue', () => {
  it('gathers what several series hand in into one commit and answers each', async () => {
    const writer = aWriter();
    const queue = createCandleQueue({ writer, now });
    const results = await Promise.all([A, B, C].map((id, index) => queue.commit(id, someCandles(index + 1))));
    expect(writer.commits).toEqual([
      [
        { id: A, count: 1 },
        { id: B, count: 2 },
        { id: C, count: 3 },
      ],
    ]);
    expect(results.map(({ instrumentId, inserted }) => [instrumentId, inserted])).toEqual([
      [A, 1],
      [B, 2],
      [C, 3],
    ]);
  });

  it('commits very many series in two halves side by side, and answers each', async () => {
    const writer = aWriter({ isHeld: true });
    const queue = createCandleQueue({ writer, now });
    const ids = Array.from({ length: 501 }, (_, index) => toInstrumentId('SIM', `S${index}`));
    const answers = Promise.all(ids.map((id) => queue.commit(id, someCandles(1))));
    // Both wait at once: neither is held back by the other.
    await eventually(() => expect(writer.commits).toHaveLength(2));
    writer.letGo();
    writer.letGo();
    expect((await answers).map(({ instrumentId }) => instrumentId)).toEqual(ids);
    expect(writer.commits.flat().map(({ id }) => id)).toEqual(ids);
    expect(writer.commits.map(({ length }) => length)).toEqual([251, 250]);
  });

  it('answers only after the commit, and keeps the order of one series', async () => {
    const writer = aWriter({ isHeld: true });
    const queue = createCandleQueue({ writer, now });
    const answered: number[] = [];
    const first = queue.commit(A, someCandles(1)).then(() => answered.push(1));
    const second = queue.commit(A, someCandles(2)).then(() => answered.push(2));
    await eventually(() => expect(writer.commits).toHaveLength(1));
    expect(answered).toEqual([]);
    expect(queue.depth()).toBe(3);
    writer.letGo();
    await first;
    expect(answered).toEqual([1]);
    await eventually(() => writer.commits.length === 2 || expect.fail());
    writer.letGo();
    await second;
    expect(writer.commits.map((commit) => commit[0]?.count)).toEqual([1, 2]);
    expect(queue.depth()).toBe(0);
  });

  it('blocks when full and goes on when there is room', async () => {
    const writer = aWriter({ isHeld: true });
    const depths: number[] = [];
    const queue = createCandleQueue({ writer, now, onDepth: (depth) => depths.push(depth) });
    const waiting = Array.from({ length: 6 }, (_, index) => queue.commit(toInstrumentId('SIM', `S${index}`), someCandles(5_000)));
    let isDone = false;
    void Promise.all(waiting).then(() => {
      isDone = true;
    });
    await eventually(() => {
      writer.letGo();
      expect(isDone).toBe(true);
    });
    expect(Math.max(...depths)).toBeLessThanOrEqual(25_000);
    expect(writer.commits.every((commit) => commit.reduce((sum, { count }) => sum + count, 0) <= 5_000)).toBe(true);
  });

  it('lets one refused batch not take the others with it', async () => {
    const writer = aWriter({ refuses: B });
    const queue = createCandleQueue({ writer, now });
    const results = await Promise.allSettled([A, B, C].map((id) => queue.commit(id, someCandles(1))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
