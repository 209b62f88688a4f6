import { once } from 'node:events';
import { constants, getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';

describe.skipIf(process.platform !== 'linux')('giveWay', () => {
  it('lowers the priority of its own thread and of no other', async () => {
    const before = getPriority();
    const worker = new Worker(new URL('../testing/give-way-worker.mjs', import.meta.url));
    const [said] = await once(worker, 'message');
    expect(said).toBe(Math.min(constants.priority.PRIORITY_LOW, before + 10));
    expect(getPriority()).toBe(before);
  });
});
