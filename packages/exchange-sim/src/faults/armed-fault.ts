import type { EpochMs } from '@candlecast/domain';
import { keyOf, RandomRun } from '../market/random.ts';
import type { VenueTime } from '../venue/venue-time.ts';
import type { Aim, Fault, FaultRecord } from './fault.ts';

/** A fault that was asked for: decides which candidates it hits, and counts them. */
export class ArmedFault<F extends Fault = Fault> {
  readonly id: number;
  readonly fault: F;
  /** For everything that the fault draws: the same seed and the same candidates give the same hits. */
  readonly random: RandomRun;
  readonly #time: VenueTime;
  readonly #probability: number;
  readonly #until: { readonly wall: EpochMs; readonly venue: EpochMs };
  #skip: number;
  #left: number;
  #hits: number;

  /** `hits` is what a fault that strikes once has hit; undefined for one that waits for candidates. */
  constructor(id: number, fault: F, time: VenueTime, hits?: number) {
    const aim = fault as Aim;
    this.id = id;
    this.fault = fault;
    this.random = new RandomRun(keyOf(`fault/${fault.kind}`, aim.seed ?? 1));
    this.#time = time;
    this.#probability = aim.probability ?? 1;
    this.#skip = aim.skip ?? 0;
    this.#hits = hits ?? 0;
    this.#left = hits === undefined ? limitOf(fault) : 0;
    this.#until = {
      wall: (time.wallNow() + (aim.durationMs ?? Number.POSITIVE_INFINITY)) as EpochMs,
      venue: (time.now() + (aim.venueDurationMs ?? Number.POSITIVE_INFINITY)) as EpochMs,
    };
  }

  get isArmed(): boolean {
    return this.#left > 0 && this.#time.wallNow() < this.#until.wall && this.#time.now() < this.#until.venue;
  }

  get hits(): number {
    return this.#hits;
  }

  /** Tells whether a candidate is hit; draws for it, so that every candidate is asked once. */
  takes(): boolean {
    if (!this.isArmed) return false;
    if (this.#probability < 1 && this.random.nextUniform() >= this.#probability) return false;
    if (this.#skip > 0) {
      this.#skip--;
      return false;
    }
    this.#left--;
    this.#hits++;
    return true;
  }

  disarm(): void {
    this.#left = 0;
  }

  describe(): FaultRecord {
    return { id: this.id, fault: this.fault, hits: this.#hits, isArmed: this.isArmed };
  }
}

function limitOf(fault: Fault): number {
  if (fault.kind === 'rest') return fault.calls ?? fault.count ?? (isTimed(fault) ? Number.POSITIVE_INFINITY : 1);
  return (fault as Aim).count ?? Number.POSITIVE_INFINITY;
}

function isTimed({ durationMs, venueDurationMs }: Aim): boolean {
  return durationMs !== undefined || venueDurationMs !== undefined;
}
