import type { Instrument, TrackingAction, Venue, WantedSymbol } from '@candlecast/domain';
import type { Listing } from '../exchange.ts';

/** What is to be tracked by the configuration: these symbols, or whatever the source lists. */
export type Wish = readonly string[] | 'everything';

/** What decides about the tracked instruments. */
export interface RosterFacts {
  readonly wish: Wish;
  /** What the newest granted request of each symbol asks for; it counts before the configuration. */
  readonly granted: ReadonlyMap<string, TrackingAction>;
  readonly listings: readonly Listing[];
  /** Stored from earlier. */
  readonly known: readonly Instrument[];
  /** The source is a recording: its pairs are read although none of them trades. */
  readonly isRecording: boolean;
}

/** Who is tracked, and what becomes of those that are not. */
export interface Roster {
  /** Everything that is to be kept, with the exchange's word; known pairs that it no longer lists are among them. */
  readonly wanted: readonly WantedSymbol[];
  /** Those of them that the exchange lists. */
  readonly listed: readonly Listing[];
  /** Wanted, but neither listed nor known. */
  readonly unknown: readonly string[];
  /** Known, and not wanted. */
  readonly released: readonly Instrument[];
}

/** Compares what is wanted with what the exchange lists and what is stored. Symbols keep the order in which they are wanted. */
export function drawRoster({ wish, granted, listings, known, isRecording }: RosterFacts): Roster {
  const bySymbol = new Map(listings.map((listing) => [listing.instrument.symbol, listing]));
  const knownSymbols = new Set(known.map(({ symbol }) => symbol));
  // Whoever wants everything wants what trades, and goes on wanting it when it stops trading.
  const everything = () => [
    ...listings.filter(({ isTrading, instrument }) => isTrading || isRecording || knownSymbols.has(instrument.symbol)),
  ];
  const configured =
    wish === 'everything'
      ? [...new Set([...everything().map(({ instrument }) => instrument.symbol), ...knownSymbols])]
      : [...new Set(wish)];
  const requested = [...granted].filter(([, action]) => action === 'TRACK').map(([symbol]) => symbol);
  const symbols = [...new Set([...configured, ...requested])].filter((symbol) => granted.get(symbol) !== 'UNTRACK');
  const wanted = symbols
    .filter((symbol) => bySymbol.has(symbol) || knownSymbols.has(symbol))
    .map((symbol) => ({ symbol, exchangeStatus: bySymbol.get(symbol)?.status ?? null }));
  const wantedSymbols = new Set(wanted.map(({ symbol }) => symbol));
  return {
    wanted,
    listed: wanted.flatMap(({ symbol }) => bySymbol.get(symbol) ?? []),
    unknown: symbols.filter((symbol) => !wantedSymbols.has(symbol)),
    released: known.filter(({ symbol }) => !wantedSymbols.has(symbol)),
  };
}

/** Venues whose data is a finished recording: nobody can be asked again about what is not in it. */
export function isRecording(venue: Venue): boolean {
  return venue === 'REPLAY';
}
