/** How volatile each slot of the day or week has lately been beside its day. */
export interface Season {
  /** Takes what the bar that opened in `slot` was like; NaN is passed over. */
  push(slot: number, value: number): void;
  /** Returns the slot's mean over its newest cycles; NaN while too few are known. */
  at(slot: number): number;
  /** Returns ln of the mean of e^profile over the `bars` slots after `slot`: what lies ahead of an origin whose last bar opened there. */
  ahead(slot: number, bars: number): number;
}

/** Returns an empty season of `slots` slots, each remembering `cycles` values; a slot counts once it has `least` of them. */
export function createSeason(slots: number, cycles: number, least: number): Season {
  const values = new Float64Array(slots * cycles);
  const counts = new Int32Array(slots);
  const means = new Float64Array(slots).fill(Number.NaN);
  const risen = new Float64Array(slots).fill(1);

  return {
    push(slot, value) {
      if (Number.isNaN(value)) return;
      const count = counts[slot] as number;
      values[slot * cycles + (count % cycles)] = value;
      counts[slot] = count + 1;
      const known = Math.min(count + 1, cycles);
      if (known < least) return;
      let sum = 0;
      for (let cycle = 0; cycle < known; cycle++) sum += values[slot * cycles + cycle] as number;
      means[slot] = sum / known;
      risen[slot] = Math.exp(sum / known);
    },
    at: (slot) => means[slot] as number,
    ahead(slot, bars) {
      let sum = 0;
      for (let bar = 1; bar <= bars; bar++) sum += risen[(slot + bar) % slots] as number;
      return Math.log(sum / bars);
    },
  };
}
