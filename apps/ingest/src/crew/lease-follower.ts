import { type CrewView, type Lease, LeaseLostError } from '@candlecast/domain';
import { isStopped } from '../retry.ts';
import { WakeUp } from '../wake-up.ts';

/** Whoever works on the instruments of the leases. */
export interface Keeper {
  keep(leases: readonly Lease[]): Promise<void>;
}

/** Brings the instruments that are worked on to the newest leases, one change after the other. */
export class LeaseFollower {
  readonly #keeper: Keeper;
  readonly #wakeUp = new WakeUp();
  #newest: CrewView | undefined;
  #isSettled = false;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  /** What is wanted is known, and the leases of this process have been followed once since. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Hears of a new look at the leases; never waits. */
  follow(view: CrewView): void {
    this.#newest = view;
    this.#wakeUp.notify();
  }

  /** Runs until `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#wakeUp.wait(Number.POSITIVE_INFINITY, signal);
      const view = this.#newest;
      if (!view || signal.aborted) continue;
      try {
        await this.#keeper.keep(view.leases);
      } catch (cause) {
        if (isStopped(cause)) return;
        // Another process was faster: the next look says what is left.
        if (!(cause instanceof LeaseLostError)) throw cause;
        continue;
      }
      const kept = view.members.reduce((sum, { isAlive, leases }) => sum + (isAlive ? leases : 0), 0);
      this.#isSettled ||= view.wanted > 0 && kept >= view.wanted;
    }
  }
}
