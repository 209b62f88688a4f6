import type { Clock, EpochMs } from '@candlecast/domain';
import type { VenueTime } from '../venue/venue-time.ts';

/** The time of a recorded session: it stands at the beginning until somebody listens, and at the end when all is played. */
export class SessionTime implements VenueTime {
  readonly #wall: Clock;
  readonly #from: EpochMs;
  readonly #to: EpochMs;
  readonly #speed: number;
  #startedAt: EpochMs | undefined;

  constructor(wall: Clock, { from, to, speed }: { readonly from: EpochMs; readonly to: EpochMs; readonly speed: number }) {
    this.#wall = wall;
    this.#from = from;
    this.#to = to;
    this.#speed = speed;
  }

  get settings() {
    return { anchorWallTime: this.#startedAt ?? this.#wall.now(), anchorTime: this.#from, speed: this.#speed };
  }

  /** Lets the time run; a second call changes nothing. */
  start(): void {
    this.#startedAt ??= this.#wall.now();
  }

  now(): EpochMs {
    if (this.#startedAt === undefined) return this.#from;
    return Math.min(this.#to, Math.floor(this.#from + (this.#wall.now() - this.#startedAt) * this.#speed)) as EpochMs;
  }

  wallNow(): EpochMs {
    return this.#wall.now();
  }

  limitNow(): EpochMs {
    return this.#wall.now();
  }
}
