import type { Instrument, Venue } from '@candlecast/domain';
import type { Listing } from '../exchange.ts';

/** What is to be tracked: these symbols, or whatever the source lists. */
export type Wish = readonly string[] | 'everything';

/** Who is tracked, and what becomes of those that are not. */
export interface Roster {
  readonly tracked: readonly Listing[];
  /** Wanted, but the exchange does not list them. */
  readonly unlisted: readonly { readonly symbol: string; readonly isKnown: boolean }[];
  /** Stored from an earlier run, no longer wanted. */
  readonly released: readonly Instrument[];
}

/** Compares what is wanted with what the exchange lists and what is stored. Symbols keep the order in which they are wanted. */
export function drawRoster(wish: Wish, listings: readonly Listing[], known: readonly Instrument[]): Roster {
  const bySymbol = new Map(listings.map((listing) => [listing.instrument.symbol, listing]));
  const wanted = wish === 'everything' ? [...bySymbol.keys()] : [...new Set(wish)];
  const isKnown = (symbol: string) => known.some((instrument) => instrument.symbol === symbol);
  return {
    tracked: wanted.flatMap((symbol) => bySymbol.get(symbol) ?? []),
    unlisted: wanted.filter((symbol) => !bySymbol.has(symbol)).map((symbol) => ({ symbol, isKnown: isKnown(symbol) })),
    released: known.filter(({ symbol }) => !wanted.includes(symbol)),
  };
}

/** Venues whose data is a finished recording: nobody can be asked again about what is not in it. */
export function isRecording(venue: Venue): boolean {
  return venue === 'REPLAY';
}
