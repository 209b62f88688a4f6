import type { EpochMs, InstrumentId, Lease, SeriesState, TimeRange } from '@candlecast/domain';
import type { Series } from './series.ts';

/** An instrument that this process keeps, or wanted to keep. */
export interface Tracked {
  readonly id: InstrumentId;
  readonly symbol: string;
  /** Undefined when this process only says that the instrument cannot be tracked. */
  lease: Lease | undefined;
  /** Undefined while the series does not run: not listed, or never startable. */
  readonly series: Series | undefined;
  readonly liveSince: EpochMs;
  /** Whether its streams run; `joining` until they do for the first time. */
  link: 'joining' | 'up' | 'lost';
  /** Aborted when the instrument is given back. */
  readonly stop: AbortController;
  /** Why it is given up, in one sentence. */
  failure: { readonly state: 'FAILED' | 'DELISTED'; readonly reason: string } | undefined;
}

/** The word of an exchange for a pair that trades. */
const TRADING = 'TRADING';

/** Returns the state of a tracked instrument's series as it is now. A pair that does not trade is paused once all there is is stored. */
export function stateOf({ series, failure, lease }: Pick<Tracked, 'series' | 'failure' | 'lease'>): {
  state: SeriesState;
  reason: string | null;
} {
  if (lease && lease.exchangeStatus === null) return { state: 'DELISTED', reason: 'the exchange no longer lists it' };
  if (failure) return failure;
  if (!series?.isLive) return { state: 'BACKFILLING', reason: null };
  if (isAtRest({ lease })) return { state: 'PAUSED', reason: `the exchange says ${lease?.exchangeStatus}` };
  return { state: 'LIVE', reason: null };
}

/** Tells whether the exchange says that the pair does not trade. Words that we do not know count as that. */
export function isAtRest({ lease }: Pick<Tracked, 'lease'>): boolean {
  return lease !== undefined && lease.exchangeStatus !== TRADING;
}

/** Tells whether a hole touches the time in which the exchange did not list the pair: it was noticed some time after its beginning. */
export function isUnlistedHole({ lease }: Pick<Tracked, 'lease'>, hole: TimeRange): boolean {
  const unlisted = lease?.unlisted;
  return unlisted !== undefined && unlisted !== null && unlisted.to !== null && hole.from <= unlisted.to && hole.to >= unlisted.from;
}

/** Tells whether a kept instrument goes on as it is under a lease: one that is listed again, or trades again after it failed, begins anew. */
export function canGoOn({ lease: present, series, failure }: Pick<Tracked, 'lease' | 'series' | 'failure'>, lease: Lease): boolean {
  if (lease.token !== present?.token) return false;
  const hasNews = lease.exchangeStatus !== present.exchangeStatus;
  return (lease.exchangeStatus === null) === (series === undefined) && !(hasNews && failure !== undefined);
}
