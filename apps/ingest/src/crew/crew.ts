import type { CrewSeat, CrewView, MemberReport } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { WakeUp } from '../wake-up.ts';
import type { LeaseBook } from './lease-book.ts';
import { planShare } from './plan-share.ts';

/** What a process's part in the crew needs. */
export interface CrewOptions {
  readonly book: LeaseBook;
  /** What is told to the others with the next beat. */
  readonly report: () => MemberReport;
  /** Runs after every beat. Must not wait for anything. */
  readonly onView: (view: CrewView) => void;
  readonly log: Logger;
}

/** All of these are milliseconds of this machine's time. */
const BEAT_EVERY_MS = 1_000;
/** After a failure: long enough not to burn, short enough that a lease outlives a cut connection. */
const RETRY_EVERY_MS = 300;
/** A process that has not been heard by the others for this long publishes nothing: they may have taken over. */
const FRESH_MS = 4_000;
/** After an outage everybody seems dead until they have come back: nobody takes over from others before this has passed. */
const CAUTION_MS = 3_000;
/** Instruments that change hands at one time when the spread is uneven: the rest runs on meanwhile. */
const RELEASE_AT_ONCE = 200;

/** Keeps this process's place among those that ingest the venue: shows life, takes its share, gives back what is too much. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #wakeUp = new WakeUp();
  #view: CrewView | undefined;
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #takesFromMs = Number.NEGATIVE_INFINITY;

  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** Undefined before the first beat. */
  get view(): CrewView | undefined {
    return this.#view;
  }

  /** The others know that this process lives. */
  get isFresh(): boolean {
    return performance.now() - this.#heardAtMs < FRESH_MS;
  }

  /** This process does what the venue needs once. */
  get hasDuty(): boolean {
    return this.isFresh && this.#view?.hasDuty === true;
  }

  /** Calls for a beat at once. */
  readonly beatNow = (): void => this.#wakeUp.notify();

  /** Runs until `signal` aborts, then gives everything back. */
  async run(seat: CrewSeat, signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const isBusy = await this.#beat(seat);
        failures = 0;
        if (!isBusy) await this.#wakeUp.wait(BEAT_EVERY_MS, signal);
      } catch (cause) {
        if (failures % 20 === 0) log.warn({ err: cause, failures }, 'this process cannot show the others that it lives');
        failures += 1;
        this.#takesFromMs = performance.now() + CAUTION_MS;
        await this.#wakeUp.wait(RETRY_EVERY_MS, signal);
      }
    }
    await seat.leave().catch((cause: unknown) => log.warn({ err: cause }, 'the leases run out by themselves'));
  }

  /** Tells whether leases have changed hands, so that the next beat should not wait. */
  async #beat(seat: CrewSeat): Promise<boolean> {
    const { book, report, onView } = this.#options;
    const startedAtMs = performance.now();
    const isLate = Number.isFinite(this.#heardAtMs) && startedAtMs - this.#heardAtMs > CAUTION_MS;
    const view = await seat.beat(report());
    this.#heardAtMs = startedAtMs;
    if (isLate) this.#takesFromMs = startedAtMs + CAUTION_MS;
    this.#view = view;
    book.set(view.leases);
    onView(view);
    const { take, release } = planShare(view.wanted, view.members, view.memberId, view.leases.length);
    if (release > 0) {
      const surplus = view.leases.slice(-Math.min(release, RELEASE_AT_ONCE)).map(({ instrumentId }) => instrumentId);
      await seat.release(surplus);
      return true;
    }
    return take > 0 && startedAtMs >= this.#takesFromMs && (await seat.take(take)) > 0;
  }
}
