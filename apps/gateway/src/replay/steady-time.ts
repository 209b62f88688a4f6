import { setTimeout as delay } from 'node:timers/promises';
import type { ReplaySources } from './replay-sources.ts';

/** This machine's steady time, and waiting in it. */
export const steadyTime: Pick<ReplaySources, 'elapsed' | 'wait'> = {
  elapsed: () => performance.now(),
  async wait(ms, signal) {
    await delay(ms, undefined, { signal }).catch(() => undefined); // ended early: the caller looks at the signal
  },
};
