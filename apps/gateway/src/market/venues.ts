import { type Clock, clockOfVenue, type EpochMs, type InstrumentReader, type Venue, type VenueClock } from '@candlecast/domain';

/** Which venue runs and what time it is there. Answers are at most a second old. */
export interface Venues {
  /** The running source's venue; undefined until a source has run. */
  findRunning(): Promise<Venue | undefined>;
  /** The venue's time, by its last known clock when the database is away; this machine's time while the venue has no clock yet. */
  now(venue: Venue): Promise<EpochMs>;
}

const MAX_AGE_MS = 1_000;

/** Returns the venues as `reader` knows them, told by the machine's clock `wall`. */
export function createVenues(reader: InstrumentReader, wall: Clock): Venues {
  const running = remember(wall, () => reader.findRunningVenue());
  const clocks = new Map<Venue, () => Promise<VenueClock | undefined>>();
  const known = new Map<Venue, VenueClock>();
  return {
    findRunning: running,
    async now(venue) {
      const read = clocks.get(venue) ?? remember(wall, () => reader.findClock(venue));
      clocks.set(venue, read);
      const clock = await read().catch(() => known.get(venue));
      if (clock) known.set(venue, clock);
      return clock ? clockOfVenue(clock, wall).now() : wall.now();
    },
  };
}

/** Returns `load` with its newest answer kept for a second; a failure is not kept. */
function remember<T>(wall: Clock, load: () => Promise<T>): () => Promise<T> {
  let kept: { readonly at: EpochMs; readonly answer: Promise<T> } | undefined;
  return () => {
    const at = wall.now();
    if (kept && at - kept.at >= 0 && at - kept.at < MAX_AGE_MS) return kept.answer;
    const answer = load();
    kept = { at, answer };
    answer.catch(() => {
      kept = undefined;
    });
    return answer;
  };
}
