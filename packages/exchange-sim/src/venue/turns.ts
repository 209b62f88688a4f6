import { setImmediate as nextTurn } from 'node:timers/promises';

const TURN_MS = 8;

/** Lets long work stop for a moment every few milliseconds, so that streams and other requests are not held up. */
export class Turns {
  #startedAt = performance.now();

  /** True when the turn has lasted long enough: then `await rest()`. Split in two so that short work pays for no promise. */
  get isOver(): boolean {
    return performance.now() - this.#startedAt > TURN_MS;
  }

  /** Lets everything else that waits run first. */
  async rest(): Promise<void> {
    await nextTurn();
    this.#startedAt = performance.now();
  }
}
