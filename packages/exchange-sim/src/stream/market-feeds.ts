import type { EpochMs } from '@candlecast/domain';
import type { Venue } from '../venue/venue.ts';
import { ArrayFeed } from './array-feed.ts';
import type { Feed, FeedSource } from './feed.ts';
import type { StreamName } from './stream-name.ts';
import { SymbolFeed } from './symbol-feed.ts';

const ALL_PAIRS = '!';

/** One feed for each pair of the market, and one for the streams of all pairs. */
export class MarketFeeds implements FeedSource {
  readonly #venue: Venue;

  constructor(venue: Venue) {
    this.#venue = venue;
  }

  keyOf({ symbol, stream }: StreamName): string | undefined {
    if (stream.kind === 'allTickers') return ALL_PAIRS;
    return stream.kind !== 'silent' && this.#venue.market.symbols.has(symbol) ? symbol : undefined;
  }

  open(key: string, now: EpochMs): Feed {
    const symbol = this.#venue.market.symbols.get(key);
    return symbol ? new SymbolFeed(symbol, this.#venue.bookOf(symbol), now) : new ArrayFeed(this.#venue.market, now);
  }
}
