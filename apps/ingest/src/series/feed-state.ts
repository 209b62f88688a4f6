import type { FeedState } from '@candlecast/domain';

/** What is known of a venue's feed. */
export interface FeedFacts {
  /** All streams have been verified at least once since the start. */
  readonly hasConnected: boolean;
  /** Symbols whose streams do not run. */
  readonly unlinked: readonly string[];
  /** Symbols whose stream is mute although the exchange has newer data. */
  readonly stalled: readonly string[];
  /** Symbols that have not caught up yet. */
  readonly behind: readonly string[];
  /** The recording is over. */
  readonly hasEnded: boolean;
}

/** Returns the state of the feed and, where it is not simply live, the reason in a sentence. The worst truth comes first. */
export function describeFeed(facts: FeedFacts): { state: FeedState; detail: string | null } {
  const { unlinked, stalled, behind } = facts;
  if (!facts.hasConnected) return { state: 'CONNECTING', detail: `waiting for the streams of ${listOf(unlinked)}` };
  if (facts.hasEnded && behind.length === 0) return { state: 'ENDED', detail: 'the recording is over' };
  if (unlinked.length > 0) return { state: 'RECONNECTING', detail: `the connection for ${listOf(unlinked)} is lost` };
  if (stalled.length > 0) return { state: 'STALE', detail: `the exchange has newer data for ${listOf(stalled)} than its stream brings` };
  if (behind.length > 0) return { state: 'BACKFILLING', detail: `catching up ${listOf(behind)}` };
  return { state: 'LIVE', detail: null };
}

function listOf(symbols: readonly string[]): string {
  const shown = symbols.slice(0, 3).join(', ');
  return symbols.length > 3 ? `${shown} and ${symbols.length - 3} more` : shown;
}
