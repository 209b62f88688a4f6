import type { Client } from '@urql/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type BookFields, RecentTradesDocument, TopOfBookDocument, type TradeFields, TradesDocument } from '../graphql/documents/tape.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import type { FrameBatch } from '../workspace/frame-batch.ts';
import { EMPTY_TAPE, TAPE_ROWS, type Tape, withTrades } from './trade-tape.ts';

export interface TapeState {
  readonly book: BookFields | undefined;
  readonly tape: Tape;
  readonly failure: Failure | undefined;
}

/** Best bid and ask and the trades of one pair, a frame at a time. */
export interface TapeFeed {
  readonly state: StoreApi<TapeState>;
  /** Begins to follow, with what was traded last: what came before a stop is gone, for trades may be missing since. Returns how to stop. */
  start(): () => void;
}

interface Options {
  readonly client: Client;
  readonly frames: FrameBatch;
  readonly symbol: string;
}

const THROTTLE_MS = 250;
/** Trades that are there already when somebody looks. */
const RECENT = 50;

export function createTapeFeed({ client, frames, symbol }: Options): TapeFeed {
  const state = createStore<TapeState>(() => ({ book: undefined, tape: EMPTY_TAPE, failure: undefined }));
  let book: BookFields | undefined;
  // What the next frame will show; as long as a tape, so that a tab in the background cannot fill up.
  let pending: TradeFields[] = [];
  return {
    state,
    start() {
      let isStopped = false;
      state.setState({ tape: EMPTY_TAPE });
      const books = client.subscription(TopOfBookDocument, { symbol, throttleMs: THROTTLE_MS }).subscribe(({ data, error }) => {
        if (error) state.setState({ failure: toFailure(error) });
        if (!data) return;
        book = data.topOfBook;
        frames.request(flush);
      });
      const trades = client.subscription(TradesDocument, { symbol }).subscribe(({ data, error }) => {
        if (error) state.setState({ failure: toFailure(error) });
        if (!data) return;
        take(data.trades);
        frames.request(flush);
      });
      // Asked for after the subscription began, so that none is missed in between.
      client
        .query(RecentTradesDocument, { symbol, to: null, last: RECENT }, { requestPolicy: 'network-only' })
        .toPromise()
        .then(({ data, error }) => {
          if (isStopped) return;
          if (error) state.setState({ failure: toFailure(error) });
          const live = state.getState().tape.trades.toReversed();
          const recent = data?.trades.edges.map(({ node }) => node) ?? [];
          state.setState({ tape: withTrades(withTrades(EMPTY_TAPE, recent), live) });
        }, console.error);
      return () => {
        isStopped = true;
        frames.cancel(flush);
        books.unsubscribe();
        trades.unsubscribe();
      };
    },
  };

  function take(trade: TradeFields): void {
    pending.push(trade);
    if (pending.length <= TAPE_ROWS) return;
    const [oldest, second, ...rest] = pending;
    // Counted like what the gateway left out: the trade after it says so.
    if (oldest && second) pending = [{ ...second, leftOut: second.leftOut + oldest.leftOut + 1 }, ...rest];
  }

  function flush(): void {
    const { tape } = state.getState();
    state.setState({ book, tape: withTrades(tape, pending) });
    pending = [];
  }
}
