import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long all readers that catch up may work together before sockets, timers and what is shared get their turn, in milliseconds. */
const TURN_MS = 5;

/** Time of the event loop that readers share while they catch up: promises alone never let a socket be read. */
export interface CatchUpTurns {
  /** What to wait for before the next event; undefined while the turn lasts, so that few readers pay for no promise. */
  rest(): Promise<void> | undefined;
}

/** Returns the turns of one process. `now` in milliseconds. */
export function createCatchUpTurns(now: () => number = () => performance.now()): CatchUpTurns {
  let endsAt: number | undefined;
  let resting: Promise<void> | undefined;
  return {
    rest() {
      const at = now();
      endsAt ??= at + TURN_MS;
      if (at < endsAt) return undefined;
      resting ??= nextTurn().then(() => {
        resting = undefined;
        endsAt = undefined;
      });
      return resting;
    },
  };
}
