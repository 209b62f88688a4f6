import type { InstrumentId, SeriesState } from '@candlecast/domain';
import type { Series } from './series.ts';

/** An instrument that this process keeps, or wanted to keep. */
export interface Tracked {
  readonly id: InstrumentId;
  readonly symbol: string;
  /** Undefined when the instrument could not be started at all. */
  readonly series: Series | undefined;
  /** Why it is given up, in one sentence. */
  failure: { readonly state: 'FAILED' | 'DELISTED'; readonly reason: string } | undefined;
}

/** Returns the state of a tracked instrument's series as it is now. */
export function stateOf({ series, failure }: Tracked): { state: SeriesState; reason: string | null } {
  if (failure) return failure;
  return { state: series?.isLive ? 'LIVE' : 'BACKFILLING', reason: null };
}
