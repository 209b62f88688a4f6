import { describe, expect, it } from 'vitest';
import { createFrameBatch } from './frame-batch.ts';

function setUp() {
  const frames: (() => void)[] = [];
  const batch = createFrameBatch((callback) => frames.push(callback));
  return { frames, batch, paint: () => frames.shift()?.() };
}

describe('createFrameBatch', () => {
  it('runs everything that was asked for in one frame, each once', () => {
    const { frames, batch, paint } = setUp();
    const done: string[] = [];
    const first = () => void done.push('first');
    batch.request(first);
    batch.request(() => void done.push('second'));
    batch.request(first);
    expect(frames).toHaveLength(1);
    paint();
    expect(done).toEqual(['first', 'second']);
  });

  it('leaves what is asked for while it runs to the next frame', () => {
    const { frames, batch, paint } = setUp();
    let runs = 0;
    const work = () => {
      runs += 1;
    };
    batch.request(() => {
      work();
      batch.request(work);
    });
    paint();
    expect([runs, frames.length]).toEqual([1, 1]);
    paint();
    expect(runs).toBe(2);
  });

  it('takes a few a frame, the oldest first, and what was asked for again in its turn', () => {
    const frames: (() => void)[] = [];
    const batch = createFrameBatch((callback) => frames.push(callback), 2);
    const done: number[] = [];
    const works = [1, 2, 3, 4, 5].map((n) => () => void done.push(n));
    const [first] = works;
    for (const work of works) batch.request(work);
    frames.shift()?.();
    if (first) batch.request(first);
    expect([done, frames.length]).toEqual([[1, 2], 1]);
    frames.shift()?.();
    frames.shift()?.();
    expect([done, frames.length]).toEqual([[1, 2, 3, 4, 5, 1], 0]);
  });

  it('forgets what was cancelled', () => {
    const { batch, paint } = setUp();
    let runs = 0;
    const work = () => {
      runs += 1;
    };
    batch.request(work);
    batch.cancel(work);
    paint();
    expect(runs).toBe(0);
  });
});
