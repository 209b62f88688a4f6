import { type EpochMs, SECOND_MS } from '@candlecast/domain';
import type { AnyVariables, Client, TypedDocumentNode } from '@urql/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type CardFields,
  ForecastCardsDocument,
  ForecastEventsDocument,
  type HistoryFields,
  type RecordFields,
} from '../graphql/documents/forecasts.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import type { FrameBatch } from '../workspace/frame-batch.ts';
import { CARD_HORIZONS } from './card-horizons.ts';
import { loadPast, type RenderedForecasts } from './load-past.ts';

export interface ForecastPanelState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly failure: Failure | undefined;
  /** The newest forecast by horizon. */
  readonly cards: Readonly<Record<string, CardFields>>;
  /** The record of each card's own model, by horizon. */
  readonly records: Readonly<Record<string, RecordFields | undefined>>;
  /** What was said in the last hours, of the cards' models, in no order. */
  readonly history: readonly HistoryFields[];
}

/** The forecasts of one pair: cards, records and the last hours, kept up with what is issued and what comes true. */
export interface ForecastFeed {
  readonly state: StoreApi<ForecastPanelState>;
  /** Begins to follow. Returns how to stop. */
  start(): () => void;
}

interface Options {
  readonly client: Client;
  readonly frames: FrameBatch;
  readonly symbol: string;
  /** The venue's time; undefined while it is not known. */
  readonly venueNow: () => EpochMs | undefined;
  /** What the page was rendered with. */
  readonly rendered?: RenderedForecasts | undefined;
}

/** What comes true shows in records and history: they are asked for again at most so often. */
const REFRESH_MS = 10 * SECOND_MS;

export function createForecastFeed({ client, frames, symbol, venueNow, rendered }: Options): ForecastFeed {
  const state = createStore<ForecastPanelState>(() => ({
    ...{ phase: rendered ? 'ready' : 'loading', failure: undefined, records: {}, history: [] },
    ...rendered,
    cards: Object.fromEntries((rendered?.cards ?? []).map((card) => [card.horizon, card])),
  }));
  // What the next frame will show: one forecast a horizon and model, so that a tab in the background cannot fill up.
  const pending = new Map<string, CardFields>();
  return { state, start };

  function start(): () => void {
    let refreshing: ReturnType<typeof setTimeout> | undefined;
    let isStopped = false;
    const events = client.subscription(ForecastEventsDocument, { symbol }).subscribe(({ data, error }) => {
      if (error) state.setState({ failure: toFailure(error) });
      const event = data?.forecasts;
      if (event?.__typename === 'ForecastIssued') {
        const { horizon, model } = event.forecast;
        pending.set(`${horizon} ${model.id}`, event.forecast);
        frames.request(flush);
      }
      if (event?.__typename === 'ForecastResolved' || event?.__typename === 'StreamReset') refreshSoon();
    });
    // Asked for after the subscription began, so that nothing is issued unseen in between.
    void load();
    return () => {
      isStopped = true;
      clearTimeout(refreshing);
      frames.cancel(flush);
      events.unsubscribe();
    };

    function refreshSoon(): void {
      refreshing ??= setTimeout(() => {
        refreshing = undefined;
        void load();
      }, REFRESH_MS);
    }

    async function load(): Promise<void> {
      try {
        const { latestForecasts } = await ask(ForecastCardsDocument, { symbol, asOf: null });
        if (isStopped) return;
        state.setState({ phase: 'ready', failure: undefined });
        keep(latestForecasts, true);
        const past = await loadPast(ask, symbol, latestForecasts, venueNow());
        if (!isStopped) state.setState(past);
      } catch (error) {
        if (!isStopped) state.setState(({ phase }) => ({ phase: phase === 'ready' ? phase : 'failed', failure: toFailure(error) }));
      }
    }
  }

  async function ask<T, V extends AnyVariables>(document: TypedDocumentNode<T, V>, variables: V): Promise<T> {
    const { data, error } = await client.query(document, variables, { requestPolicy: 'network-only' }).toPromise();
    if (error || !data) throw error ?? new Error('the gateway answered without data');
    return data;
  }

  function flush(): void {
    keep([...pending.values()], false);
    pending.clear();
  }

  /** The stream brings what challengers say, too: a card stays with its model until the newest forecasts, asked for anew, name another. */
  function keep(forecasts: readonly CardFields[], mayChangeModel: boolean): void {
    const cards = { ...state.getState().cards };
    for (const forecast of forecasts) {
      const { horizon } = forecast;
      const known = cards[horizon];
      const isShown = CARD_HORIZONS.some((name) => name === horizon);
      const isSameModel = known?.model.id === forecast.model.id;
      const isNews = !known ? mayChangeModel : isSameModel ? forecast.asOf >= known.asOf : mayChangeModel;
      if (isShown && isNews) cards[horizon] = forecast;
    }
    state.setState({ cards });
  }
}
