import type { CrewView, FeedState } from '@candlecast/domain';

/** What is known of the part of a venue's feed that this process keeps. */
export interface FeedFacts {
  /** All streams have been verified at least once since the start. */
  readonly hasConnected: boolean;
  /** Symbols whose streams have never run yet. */
  readonly joining: readonly string[];
  /** Symbols whose streams ran, and do not now. */
  readonly unlinked: readonly string[];
  /** Symbols whose stream is mute although the exchange has newer data. */
  readonly stalled: readonly string[];
  /** Symbols that have not caught up yet. */
  readonly behind: readonly string[];
  /** The recording is over. */
  readonly hasEnded: boolean;
}

/** A state of a feed and, where it is not simply live, the reason in a sentence. */
export interface FeedView {
  readonly state: FeedState;
  readonly detail: string | null;
}

/** Returns the state of the part. The worst truth comes first. */
export function describeFeed(facts: FeedFacts): FeedView {
  const { joining, unlinked, stalled } = facts;
  const behind = [...joining, ...facts.behind];
  if (!facts.hasConnected) return { state: 'CONNECTING', detail: `waiting for the streams of ${listOf([...joining, ...unlinked])}` };
  if (facts.hasEnded && behind.length === 0) return { state: 'ENDED', detail: 'the recording is over' };
  if (unlinked.length > 0) return { state: 'RECONNECTING', detail: `the connection for ${listOf(unlinked)} is lost` };
  if (stalled.length > 0) return { state: 'STALE', detail: `the exchange has newer data for ${listOf(stalled)} than its stream brings` };
  if (behind.length > 0) return { state: 'BACKFILLING', detail: `catching up ${listOf(behind)}` };
  return { state: 'LIVE', detail: null };
}

/** Worst first. A recording is over only when every part of it is. */
const BY_GRAVITY: readonly FeedState[] = ['RECONNECTING', 'CONNECTING', 'STALE', 'BACKFILLING', 'LIVE', 'ENDED'];

/**
 * Returns the state of a venue's feed: the worst that any living process says of its part. Instruments that no living process keeps are being
 * taken over: their connections are lost. `own` is newer than what the view says of this process; undefined when it
 * keeps nothing.
 */
export function combineFeeds(own: FeedView | undefined, { memberId, members, wanted }: CrewView): FeedView {
  const living = members.filter(({ isAlive }) => isAlive);
  const orphaned = members.reduce((sum, { isAlive, leases }) => sum + (isAlive ? 0 : leases), 0);
  const others = living.flatMap(({ id, leases, feedState, feedDetail }) =>
    id === memberId || leases === 0 || feedState === null ? [] : [{ state: feedState, detail: feedDetail }],
  );
  const parts = own ? [own, ...others] : others;
  if (parts.length === 0) return { state: 'CONNECTING', detail: wanted === 0 ? 'no instrument is tracked yet' : null };
  if (orphaned > 0) parts.push({ state: 'RECONNECTING', detail: `${orphaned} instruments are being taken over` });
  return parts.reduce((worst, part) => (BY_GRAVITY.indexOf(part.state) < BY_GRAVITY.indexOf(worst.state) ? part : worst));
}

function listOf(symbols: readonly string[]): string {
  const shown = symbols.slice(0, 3).join(', ');
  return symbols.length > 3 ? `${shown} and ${symbols.length - 3} more` : shown;
}
