import type { EpochMs } from '@candlecast/domain';
import { toInstant } from './chart-candle.ts';

interface Fresh<V> {
  readonly venue: V;
  readonly lastEventAt: string | null;
  readonly stalenessMs: number | null;
}

/** Returns the venue's time by the first pair of which there is data: when its last event was, plus how long ago that is there. Undefined without any. */
export function venueTimeOf<V>(freshness: readonly Fresh<V>[]): { readonly venue: V; readonly venueTime: EpochMs } | undefined {
  for (const { venue, lastEventAt, stalenessMs } of freshness) {
    if (lastEventAt !== null && stalenessMs !== null) return { venue, venueTime: (toInstant(lastEventAt) + stalenessMs) as EpochMs };
  }
  return undefined;
}
