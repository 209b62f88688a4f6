import { type Clock, type Decimal, type EpochMs, type FeedState, SECOND_MS, toVenueTime, type VenueClock } from '@candlecast/domain';
import type { Client } from '@urql/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { FeedStatusDocument, type FreshnessFields, MarketDocument, PricesDocument } from '../graphql/documents/workspace.ts';
import { toInstant } from '../market/chart-candle.ts';
import { trackVenueClock } from '../market/track-venue-clock.ts';
import { venueTimeOf } from '../market/venue-time-of.ts';
import type { FrameBatch } from './frame-batch.ts';

/** A pair's newest price and when it was known, on the venue's clock. */
export interface Price {
  readonly last: Decimal;
  readonly knownAt: EpochMs;
}

export interface MarketState {
  /** Newest prices by instrument id, as they arrived over the stream. */
  readonly prices: Readonly<Record<string, Price>>;
  /** The venue's time, to the second; undefined while no data was ever seen. */
  readonly venueNow: EpochMs | undefined;
  readonly feedState: FeedState | undefined;
}

/** What is the same for every pane: newest prices, the venue's time, the state of its feed. */
export interface MarketFeed {
  readonly state: StoreApi<MarketState>;
  /** Begins to follow the given pairs. Returns how to stop. */
  start(instrumentIds: string[]): () => void;
}

interface Options {
  readonly client: Client;
  readonly frames: FrameBatch;
  /** This machine's clock. */
  readonly wall: Clock;
  /** The freshness that the page was rendered with. */
  readonly freshness: readonly FreshnessFields[];
  /** Whether somebody sees the page: nothing is asked for while nobody does. */
  readonly isSeen?: () => boolean;
}

const THROTTLE_MS = 500;
const POLL_MS = 20_000;
/** The second question comes early: two answers are needed to see how fast the venue's clock runs. */
const FIRST_POLL_MS = 3_000;

export function createMarketFeed({ client, frames, wall, freshness, isSeen = () => true }: Options): MarketFeed {
  const state = createStore<MarketState>(() => ({
    prices: {},
    venueNow: venueTimeOf(freshness)?.venueTime,
    feedState: freshness[0]?.feedState ?? undefined,
  }));
  let clock: VenueClock | undefined;
  let pending: Record<string, Price> = {};

  return {
    state,
    start(symbols) {
      const prices = client.subscription(PricesDocument, { symbols, throttleMs: THROTTLE_MS }).subscribe(({ data }) => {
        if (!data || !('candle' in data.candles)) return;
        const { symbol, candle } = data.candles;
        pending[symbol] = { last: candle.close, knownAt: toInstant(candle.knownAt) };
        frames.request(flush);
      });
      const status = client.subscription(FeedStatusDocument, {}).subscribe(({ data }) => {
        if (data) state.setState({ feedState: data.feedStatus.state });
      });
      const ticking = setInterval(tick, SECOND_MS);
      let isStopped = false;
      let polling = setTimeout(poll, 0, FIRST_POLL_MS);
      return () => {
        isStopped = true;
        prices.unsubscribe();
        status.unsubscribe();
        clearInterval(ticking);
        clearTimeout(polling);
        frames.cancel(flush);
      };

      async function poll(nextMs: number): Promise<void> {
        if (isSeen()) await ask();
        if (!isStopped) polling = setTimeout(poll, nextMs, POLL_MS);
      }

      async function ask(): Promise<void> {
        const { data } = await client.query(MarketDocument, {}, { requestPolicy: 'network-only' }).toPromise();
        const sample = data && venueTimeOf(data.freshness);
        if (sample) clock = trackVenueClock(clock, { ...sample, wallTime: wall.now() });
        tick();
        const feedState = data?.freshness[0]?.feedState;
        if (feedState) state.setState({ feedState });
      }
    },
  };

  function flush(): void {
    state.setState(({ prices }) => ({ prices: { ...prices, ...pending } }));
    pending = {};
  }

  function tick(): void {
    if (clock) state.setState({ venueNow: toVenueTime(clock, wall.now()) });
  }
}
