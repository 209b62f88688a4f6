import { once } from 'node:events';
import type { InstrumentId } from '@candlecast/domain';

/** Instruments with a close that waits for its forecast: one each, the newest. Policy: latest. */
export interface CloseQueue {
  /** Queues an instrument; returns true when an older close of it was still waiting and is thereby skipped. */
  offer(id: InstrumentId): boolean;
  /** Resolves with all that wait as soon as there is one, and takes them out; with none when `signal` aborts. */
  take(signal: AbortSignal): Promise<InstrumentId[]>;
}

/** Returns an empty queue for one taker. */
export function createCloseQueue(): CloseQueue {
  const waiting = new Set<InstrumentId>();
  const bell = new EventTarget();
  return {
    offer(id) {
      const isSkipping = waiting.has(id);
      waiting.add(id);
      bell.dispatchEvent(new Event('offer'));
      return isSkipping;
    },
    async take(signal) {
      while (waiting.size === 0 && !signal.aborted) {
        await once(bell, 'offer', { signal }).catch((cause: unknown) => {
          if (!signal.aborted) throw cause;
        });
      }
      const taken = signal.aborted ? [] : [...waiting];
      waiting.clear();
      return taken;
    },
  };
}
