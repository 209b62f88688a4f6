/** Ids that are missing on a tape, `from` and `to` included. */
export interface TapeHole {
  readonly from: number;
  readonly to: number;
}

/** What a trade is to the tape: the next one, one that was missing, or one that is there already. */
export type TapeVerdict = 'new' | 'missed' | 'repeated';

/**
 * The ids of one instrument's trades, without any I/O: which have come, and which are missing in between. The exchange counts them
 * without a hole, so whatever is passed over was lost on the way.
 */
export class TradeTape {
  #last: number | undefined;
  #first: number | undefined;
  #holes: TapeHole[] = [];

  /** What is missing, oldest first. */
  get holes(): readonly TapeHole[] {
    return this.#holes;
  }

  /** Takes the id of a trade from the stream, and returns the hole that it leaves before it, too. */
  take(id: number): { readonly verdict: TapeVerdict; readonly hole?: TapeHole } {
    if (this.#last === undefined) {
      this.#first = id;
      this.#last = id;
      return { verdict: 'new' };
    }
    if (id <= this.#last) return { verdict: this.close(id, id) > 0 ? 'missed' : 'repeated' };
    const hole = id > this.#last + 1 ? { from: this.#last + 1, to: id - 1 } : undefined;
    if (hole) this.#holes.push(hole);
    this.#last = id;
    return hole ? { verdict: 'new', hole } : { verdict: 'new' };
  }

  /** The newest id that is stored from earlier: what lies between it and the first one from the stream is missing. Counts once. */
  join(storedId: number): TapeHole | undefined {
    const first = this.#first;
    this.#first = undefined;
    if (this.#last === undefined) {
      this.#last = storedId;
      return undefined;
    }
    if (first === undefined || storedId >= first - 1) return undefined;
    const hole = { from: storedId + 1, to: first - 1 };
    this.#holes = [hole, ...this.#holes];
    return hole;
  }

  /** This id was taken and lost afterwards. */
  reopen(id: number): void {
    const newest = this.#holes.at(-1);
    if (newest?.to === id - 1) this.#holes[this.#holes.length - 1] = { from: newest.from, to: id };
    else this.#holes.push({ from: id, to: id });
    if (newest && newest.from > id) this.#holes.sort((a, b) => a.from - b.from);
  }

  /** These ids are there, or will never be. Returns how many of them were missing. */
  close(from: number, to: number): number {
    let closed = 0;
    this.#holes = this.#holes.flatMap((hole) => {
      const [low, high] = [Math.max(from, hole.from), Math.min(to, hole.to)];
      if (low > high) return [hole];
      closed += high - low + 1;
      const left: TapeHole[] = [];
      if (hole.from < low) left.push({ from: hole.from, to: low - 1 });
      if (high < hole.to) left.push({ from: high + 1, to: hole.to });
      return left;
    });
    return closed;
  }
}
