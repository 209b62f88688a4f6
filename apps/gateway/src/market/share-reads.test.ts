import { eventually } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { shareReads } from './share-reads.ts';

/** Reads that end when the test says so. */
function createReads() {
  const ends: { resolve: (value: number) => void; reject: (cause: Error) => void }[] = [];
  const read = shareReads((_key: string) => new Promise<number>((resolve, reject) => ends.push({ resolve, reject })));
  return { ends, read };
}

describe('shared reads', () => {
  it('are one for all that come while another runs, begun after they came', async () => {
    const { ends, read } = createReads();
    const first = read('a');
    const later = [read('a'), read('a'), read('a')];
    expect(ends).toHaveLength(1);
    ends[0]?.resolve(1);
    expect(await first).toBe(1);
    await eventually(() => expect(ends).toHaveLength(2));
    const latest = read('a'); // the second runs already: what it reads may be older than this question
    ends[1]?.resolve(2);
    expect(await Promise.all(later)).toEqual([2, 2, 2]);
    await eventually(() => expect(ends).toHaveLength(3));
    ends[2]?.resolve(3);
    expect(await latest).toBe(3);
    const alone = read('a');
    ends[3]?.resolve(4);
    expect(await alone).toBe(4);
  });

  it('are apart by key, and a failure is told to those who waited for that read only', async () => {
    const { ends, read } = createReads();
    const first = read('a');
    const other = read('b');
    const next = read('a');
    ends[0]?.reject(new Error('away'));
    await expect(first).rejects.toThrow('away');
    ends[1]?.resolve(2);
    expect(await other).toBe(2);
    await eventually(() => expect(ends).toHaveLength(3));
    ends[2]?.resolve(3);
    expect(await next).toBe(3);
  });
});
