import type { Client } from '@urql/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { NextHourDocument, NextHourEventsDocument, type NextHourFields } from '../graphql/documents/watchlist.ts';
import type { FrameBatch } from '../workspace/frame-batch.ts';

/** What is said of the next hour, by pair. Empty where nothing is, or nobody answers: a watchlist stands without it. */
export type NextHours = Readonly<Record<string, NextHourFields>>;

export interface NextHourFeed {
  readonly state: StoreApi<NextHours>;
  /** Begins to follow the given pairs. Returns how to stop. */
  start(symbols: readonly string[]): () => void;
}

/** The most pairs that one question may name. */
const MAX_SYMBOLS = 50;

/** Follows the forecasts of the next hour of many pairs. A pair stays with the model that is shown first for it. */
export function createNextHourFeed({ client, frames }: { readonly client: Client; readonly frames: FrameBatch }): NextHourFeed {
  const state = createStore<NextHours>(() => ({}));
  const pending = new Map<string, NextHourFields>();
  return {
    state,
    start(all) {
      const symbols = all.slice(0, MAX_SYMBOLS);
      let isStopped = false;
      const events = client.subscription(NextHourEventsDocument, { symbols }).subscribe(({ data }) => {
        if (data?.forecasts.__typename !== 'ForecastIssued') return;
        const { forecast } = data.forecasts;
        pending.set(`${forecast.symbol} ${forecast.model.id}`, forecast);
        frames.request(flush);
      });
      client
        .query(NextHourDocument, { symbols, asOf: null }, { requestPolicy: 'network-only' })
        .toPromise()
        .then(({ data }) => {
          if (isStopped || !data) return;
          state.setState(Object.fromEntries(data.latestForecasts.map((forecast) => [forecast.symbol, forecast])));
        }, console.error);
      return () => {
        isStopped = true;
        frames.cancel(flush);
        events.unsubscribe();
      };
    },
  };

  function flush(): void {
    const news = [...pending.values()].filter((forecast) => {
      const known = state.getState()[forecast.symbol];
      return known?.model.id === forecast.model.id && forecast.asOf >= known.asOf;
    });
    pending.clear();
    if (news.length > 0) state.setState(Object.fromEntries(news.map((forecast) => [forecast.symbol, forecast])));
  }
}
