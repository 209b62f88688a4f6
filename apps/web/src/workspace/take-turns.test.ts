import { describe, expect, it, vi } from 'vitest';
import { createTurns } from './take-turns.ts';

describe('createTurns', () => {
  it('runs one piece of work a frame, in order, also after one has failed', async () => {
    const frames: (() => void)[] = [];
    const takeTurn = createTurns((callback) => frames.push(callback));
    const done: number[] = [];
    const logged = vi.spyOn(console, 'error').mockReturnValue();
    takeTurn(() => void done.push(1));
    takeTurn(() => {
      throw new Error('no canvas');
    });
    takeTurn(() => void done.push(3));
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    expect(done).toEqual([1]);
    frames.shift()?.();
    await vi.waitFor(() => expect(frames).toHaveLength(1));
    frames.shift()?.();
    await vi.waitFor(() => expect(done).toEqual([1, 3]));
    expect(logged).toHaveBeenCalledOnce();
    logged.mockRestore();
  });
});
