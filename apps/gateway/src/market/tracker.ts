import { setTimeout as delay } from 'node:timers/promises';
import { AppError, type InstrumentId, splitInstrumentId, type TrackingAction, type TrackingDesk } from '@candlecast/domain';
import { findInstrumentId } from './find-instruments.ts';
import type { Venues } from './venues.ts';

/** Asks ingest to keep pairs, or no longer to. */
export interface Tracker {
  /**
   * Resolves with the instrument when ingest has granted it. Rejects with SYMBOL_NOT_FOUND, RATE_LIMITED while too many requests wait, and
   * UPSTREAM_STALE when ingest says nothing for ten seconds: the request stays and is answered later. `requestedBy` is for the record.
   */
  ask(action: TrackingAction, symbol: string, requestedBy: string | null, signal: AbortSignal): Promise<InstrumentId>;
  /** Anybody may ask, not only who has a key for it. */
  readonly isOpen: boolean;
}

/** Milliseconds of this machine's time. */
const LOOK_EVERY_MS = 100;
const PATIENCE_MS = 10_000;

/** Returns a tracker; `isOpen` tells whether anybody may ask. */
export function createTracker({ desk, venues, isOpen }: { desk: TrackingDesk; venues: Venues; isOpen: boolean }): Tracker {
  return {
    isOpen,
    async ask(action, symbol, requestedBy, signal) {
      const running = await venues.findRunning();
      if (!running) throw new AppError('UPSTREAM_STALE', 'no source has run yet');
      const id = await findInstrumentId(venues, symbol);
      if (!id) throw new AppError('SYMBOL_NOT_FOUND', `symbol "${symbol.slice(0, 60)}" is not VENUE:SYMBOL or a symbol`);
      const parts = splitInstrumentId(id);
      if (parts.venue !== running) throw new AppError('BAD_USER_INPUT', `venue ${parts.venue} does not run, ${running} does`);
      const requestId = await desk.hand({ ...parts, action, requestedBy });
      const refusal = await waitForAnswer(requestId, signal);
      if (refusal) throw new AppError(refusal.code, refusal.message);
      return id;
    },
  };

  async function waitForAnswer(requestId: number, signal: AbortSignal) {
    const deadline = performance.now() + PATIENCE_MS;
    while (performance.now() < deadline) {
      const answer = await desk.findAnswer(requestId);
      if (answer) return answer.refusal;
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
    throw new AppError(
      'UPSTREAM_STALE',
      `ingest has not answered request ${requestId} for ${PATIENCE_MS} ms; it stays and is answered later`,
    );
  }
}
