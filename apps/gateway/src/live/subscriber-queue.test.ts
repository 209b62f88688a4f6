import type { LogEvent } from '@candlecast/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSubscriberQueue } from './subscriber-queue.ts';

const event = (seq: number) => ({ epoch: 'e', seq, topic: 'candle.closed', key: 'k' }) as LogEvent;

describe('a subscriber queue', () => {
  it('gives durable events first and in order, then what has changed, once a key', async () => {
    const queue = createSubscriberQueue({ capacity: 10, throttleMs: 0 });
    queue.mark('a');
    queue.accept(event(1));
    queue.mark('b');
    queue.mark('a');
    queue.accept(event(2));
    const taken = [];
    for (let count = 0; count < 5; count++) taken.push(await queue.take(0));
    expect(taken).toEqual([
      { kind: 'event', event: event(1) },
      { kind: 'event', event: event(2) },
      { kind: 'latest', key: 'a' },
      { kind: 'latest', key: 'b' },
      { kind: 'idle' },
    ]);
  });

  it('wakes a waiting reader at once', async () => {
    const queue = createSubscriberQueue({ capacity: 10, throttleMs: 60_000 });
    const startedAt = performance.now();
    const waiting = queue.take(60_000);
    queue.accept(event(1));
    expect(await waiting).toEqual({ kind: 'event', event: event(1) });
    const closing = queue.take(60_000);
    queue.close();
    expect(await closing).toEqual({ kind: 'closed' });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('gives a key at most once per throttle', async () => {
    const queue = createSubscriberQueue({ capacity: 10, throttleMs: 600 });
    queue.mark('a');
    expect(await queue.take(1_000)).toEqual({ kind: 'latest', key: 'a' });
    const startedAt = performance.now();
    queue.mark('a');
    expect(await queue.take(1)).toEqual({ kind: 'idle' });
    expect(await queue.take(10_000)).toEqual({ kind: 'latest', key: 'a' });
    expect(performance.now() - startedAt).toBeGreaterThan(500);
  });

  it('says so when it was full, holds nothing then, and starts afresh when told to', async () => {
    let calls = 0;
    const queue = createSubscriberQueue({ capacity: 2, throttleMs: 0, onBehind: () => calls++ });
    for (const seq of [1, 2, 3, 4]) queue.accept(event(seq));
    expect(calls).toBe(1);
    expect(queue.isBehind()).toBe(true);
    expect(await queue.take(0)).toEqual({ kind: 'behind' });
    queue.rewind();
    expect(queue.isDrained()).toBe(true);
    queue.accept(event(5));
    expect(queue.isDrained()).toBe(false);
    expect(await queue.take(0)).toEqual({ kind: 'event', event: event(5) });
  });

  it('tells of a restart before all else, until the end', async () => {
    const queue = createSubscriberQueue({ capacity: 2, throttleMs: 0 });
    queue.accept(event(1));
    queue.restart('CURSOR_EXPIRED');
    queue.accept(event(2));
    expect(await queue.take(0)).toEqual({ kind: 'restart', reason: 'CURSOR_EXPIRED' });
    queue.close();
    expect(await queue.take(0)).toEqual({ kind: 'closed' });
  });

  it('loses and repeats nothing while it keeps up, however reading and writing alternate', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 }), async (bursts) => {
        const queue = createSubscriberQueue({ capacity: 1_000, throttleMs: 0 });
        const seen: number[] = [];
        let written = 0;
        for (const burst of bursts) {
          for (let count = 0; count < burst; count++) queue.accept(event(++written));
          const taken = await queue.take(0);
          if (taken.kind === 'event') seen.push(taken.event.seq);
        }
        for (let taken = await queue.take(0); taken.kind === 'event'; taken = await queue.take(0)) seen.push(taken.event.seq);
        expect(seen).toEqual(Array.from({ length: written }, (_, index) => index + 1));
      }),
    );
  });
});
