import { describe, expect, it } from 'vitest';
import { createStreamQueue } from './stream-queue.ts';

async function drain<T>(events: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const ignore = () => undefined;

describe('a stream queue', () => {
  it('keeps durable events in order and the newest of the others', async () => {
    const queue = createStreamQueue<string>(10, ignore, ignore);
    queue.push('update a1', 'a');
    queue.push('closed 1');
    queue.push('update a2', 'a');
    queue.push('update b1', 'b');
    queue.push('closed 2');
    queue.end();
    expect(await drain(queue.read())).toEqual(['update a2', 'closed 1', 'update b1', 'closed 2']);
  });

  it('asks its source to pause when durable events pile up, and to go on when they are read', async () => {
    const calls: string[] = [];
    const queue = createStreamQueue<number>(
      2,
      () => calls.push('pause'),
      () => {
        calls.push('resume');
        queue.push(3);
        queue.end();
      },
    );
    for (let count = 0; count < 50; count++) queue.push(count, 'latest only');
    expect(calls).toEqual([]);
    queue.push(1);
    queue.push(2);
    expect(calls).toEqual(['pause']);
    expect(await drain(queue.read())).toEqual([49, 1, 2, 3]);
    expect(calls).toEqual(['pause', 'resume']);
  });

  it('throws after what came before the error', async () => {
    const queue = createStreamQueue<number>(2, ignore, ignore);
    queue.push(1);
    queue.end(new Error('gone'));
    const events = queue.read();
    expect(await events.next()).toEqual({ done: false, value: 1 });
    await expect(events.next()).rejects.toThrow('gone');
  });
});
