import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Limiter } from './limiter.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }));
afterEach(() => void vi.useRealTimers());

/** Work that ends when it is told to, and the order in which it started. */
function desk() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
  };
  return { started, work, end: (name: string) => ends.get(name)?.() };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('Limiter', () => {
  it('runs no more weight at a time than it may, smaller priorities first, then in order', async () => {
    const limiter = new Limiter({ maxConcurrent: 4 });
    const { started, work, end } = desk();
    for (const [name, priority] of [
      ['a', 5],
      ['b', 7],
      ['c', 3],
      ['d', 7],
    ] as const)
      void limiter.schedule({ weight: 3, priority }, work(name));
    await settle();
    expect(started).toEqual(['a']);
    for (const name of ['a', 'c', 'b']) {
      end(name);
      await settle();
    }
    expect(started).toEqual(['a', 'c', 'b', 'd']);
  });

  it('starts what the reservoir holds and goes on when it is set', async () => {
    const limiter = new Limiter({ reservoir: 0 });
    const { started, work } = desk();
    void limiter.schedule({ weight: 2 }, work('a'));
    void limiter.schedule({ weight: 2 }, work('b'));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(started).toEqual([]);
    limiter.setReservoir(3);
    await settle();
    expect(started).toEqual(['a']);
  });

  it('refills the reservoir by time, up to its maximum', async () => {
    const limiter = new Limiter({ reservoir: 2, refill: { amount: 1, everyMs: 1_000, maximum: 2 } });
    const { started, work } = desk();
    await vi.advanceTimersByTimeAsync(10_000);
    for (const name of ['a', 'b', 'c', 'd']) void limiter.schedule({}, work(name));
    await settle();
    expect(started).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('refills in another way when told to, from what is left', async () => {
    const limiter = new Limiter({ reservoir: 4, refill: { amount: 1, everyMs: 1_000, maximum: 4 } });
    const { started, work } = desk();
    limiter.setRefill({ amount: 1, everyMs: 2_000, maximum: 2 });
    for (const name of ['a', 'b', 'c', 'd']) void limiter.schedule({}, work(name));
    await settle();
    expect(started).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(started).toEqual(['a', 'b']);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('keeps the gap between two starts, whatever the wall clock does', async () => {
    const limiter = new Limiter({ minGapMs: 250 });
    const { started, work } = desk();
    void limiter.schedule({}, work('a'));
    await settle();
    vi.setSystemTime(Date.now() - 600_000);
    void limiter.schedule({}, work('b'));
    await vi.advanceTimersByTimeAsync(249);
    expect(started).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(['a', 'b']);
  });

  it('lets a chained limiter have the last word', async () => {
    const all = new Limiter({ reservoir: 0 });
    const some = new Limiter({ maxConcurrent: 1 }).chain(all);
    const { started, work } = desk();
    void some.schedule({}, work('a'));
    await settle();
    expect(started).toEqual([]);
    all.setReservoir(1);
    await settle();
    expect(started).toEqual(['a']);
  });

  it('hands on results and failures', async () => {
    const limiter = new Limiter();
    await expect(limiter.schedule({}, async () => 7)).resolves.toBe(7);
    await expect(limiter.schedule({}, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('stops: what waits is rejected, what runs is waited for', async () => {
    const limiter = new Limiter({ maxConcurrent: 1 });
    const { work, end } = desk();
    const first = limiter.schedule({}, work('a'));
    const second = limiter.schedule({}, work('b'));
    second.catch(() => undefined);
    await settle();
    let isStopped = false;
    const stopping = limiter.stop('over').then(() => {
      isStopped = true;
    });
    await expect(second).rejects.toThrow('over');
    await expect(limiter.schedule({}, work('c'))).rejects.toThrow('over');
    expect(isStopped).toBe(false);
    end('a');
    await stopping;
    await expect(first).resolves.toBe('a');
  });
});
