import type { EpochMs, Interval } from '@candlecast/domain';
import type { Client } from '@urql/core';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type CandleEvent, CandlesDocument, ForecastsDocument, LatestForecastsDocument } from '../graphql/documents/workspace.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import { type CandlePage, type ChunkName, readNewestCandles } from '../graphql/read-chunks.ts';
import { type ChartCandle, type ExactCandle, toChartCandle } from '../market/chart-candle.ts';
import { type ForecastFan, type IssuedForecast, toForecastFan } from '../market/forecast-fan.ts';
import { keepLatest, type Merged, mergeCandles } from '../market/merge-candles.ts';
import type { FrameBatch } from './frame-batch.ts';

/** What the texts around a chart show. The candles themselves go past React, straight to the chart. */
export interface PaneState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly failure: Failure | undefined;
  /** The newest candle as it last arrived over the stream, in exact decimals. */
  readonly newest: ExactCandle | undefined;
  readonly fan: ForecastFan | undefined;
}

export interface FeedListener {
  /** The series is there, or is another one than before. */
  onReset(candles: readonly ChartCandle[]): void;
  onMerge(merged: Merged): void;
}

/** One pane's series: history first, then live from its cursor, with its forecasts. */
export interface PaneFeed {
  readonly interval: Interval;
  readonly state: StoreApi<PaneState>;
  candles(): readonly ChartCandle[];
  /** Calls the listener from now on, at once if the series is there. The feed runs while somebody listens. Returns how to stop. */
  listen(listener: FeedListener): () => void;
  /** Fetches an older page, unless one is on its way or there is none. Ends when it is drawn. */
  loadOlder(): Promise<void>;
  /** Whether there may be older candles than those that are loaded. */
  hasOlder(): boolean;
  /** Starts again after a failure. */
  retry(): void;
}

interface Options {
  readonly client: Client;
  readonly frames: FrameBatch;
  readonly instrumentId: string;
  readonly interval: Interval;
  /** Whether events come: what is kept of history is looked through more often while they do not. */
  readonly isConnected?: () => boolean;
  /** Whether somebody sees the page: nothing is looked through while nobody does. */
  readonly isSeen?: () => boolean;
  /** Leaves forecasts out: for a pair that is drawn beside another. */
  readonly isBare?: boolean;
}

const THROTTLE_MS = 250;
/** How often it is asked whether a chunk of history has changed: by itself, and while no event could tell. */
const LOOK_MS = 15_000;
const LOOK_BLIND_MS = 1_000;

/** What asks the gateway is loaded when it is first asked. */
const fetching = () => import('../graphql/load-chunks.ts');

/** Opens the feed of one series. It shows what the server rendered or the cache holds, and fetches only what is missing. */
export function openPaneFeed({
  client,
  frames,
  instrumentId: symbol,
  interval,
  isConnected = () => true,
  isSeen = () => true,
  isBare = false,
}: Options): PaneFeed {
  const cached = readNewestCandles(client, symbol, interval);
  const forecasts = new Map<string, IssuedForecast>();
  keep(client.readQuery(LatestForecastsDocument, { symbol })?.data?.latestForecasts ?? []);
  const state = createStore<PaneState>(() => ({
    phase: cached ? 'ready' : 'loading',
    failure: undefined,
    newest: undefined,
    fan: toForecastFan([...forecasts.values()], interval),
  }));
  const listeners = new Set<FeedListener>();
  const closers = new Set<() => void>();
  let candles: readonly ChartCandle[] = [];
  // What the next frame will draw: one candle a time, so that a tab in the background cannot fill up.
  const pending = new Map<number, ChartCandle>();
  let newest: ExactCandle | undefined;
  let olderThan: EpochMs | undefined;
  let cursor: string | null | undefined;
  let chunks: readonly ChunkName[] = [];
  let isLooking = false;
  let loadingOlder: Promise<void> | undefined;
  let hasOlder = true;

  if (cached) show(cached);
  return {
    interval,
    state,
    candles: () => candles,
    listen(listener) {
      listeners.add(listener);
      if (candles.length > 0) listener.onReset(candles);
      if (listeners.size === 1) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) stop();
      };
    },
    loadOlder,
    hasOlder: () => olderThan !== undefined && hasOlder,
    retry: () => void reload(),
  };

  function start(): void {
    if (cursor === undefined) void reload();
    else run(cursor);
  }

  function run(after: string | null): void {
    followCandles(after);
    if (!isBare) followForecasts();
    lookThrough();
  }

  function stop(): void {
    frames.cancel(flush);
    frames.cancel(showFan);
    for (const close of closers) close();
    closers.clear();
  }

  /** Takes a new snapshot and follows it: at the start, after a failure, and when the stream cannot go on from its cursor. */
  async function reload(): Promise<void> {
    try {
      const { fetchNewestCandles } = await fetching();
      const page = await fetchNewestCandles(client, symbol, interval);
      if (listeners.size === 0) return;
      stop();
      show(page);
      state.setState({ phase: 'ready', failure: undefined });
      run(page.cursor);
    } catch (error) {
      if (listeners.size > 0) state.setState({ phase: candles.length > 0 ? 'ready' : 'failed', failure: toFailure(error) });
    }
  }

  function show(page: CandlePage): void {
    candles = page.candles;
    cursor = page.cursor;
    chunks = page.chunks;
    olderThan = page.olderThan;
    for (const listener of listeners) listener.onReset(candles);
  }

  function followCandles(after: string | null): void {
    const source = client.subscription(CandlesDocument, { symbol, interval, after, throttleMs: THROTTLE_MS });
    const { unsubscribe } = source.subscribe(({ data, error }) => {
      if (error) state.setState({ failure: toFailure(error) });
      if (data) take(data.candles);
    });
    closers.add(unsubscribe);
  }

  function take(event: CandleEvent): void {
    if (event.__typename === 'StreamReset') void reload();
    if (event.__typename === 'StreamGap') void look();
    if (!('candle' in event)) return;
    // Older history may be on its way to the gateway: it is asked for again once a candle.
    if (event.__typename === 'CandleClosed') hasOlder = true;
    keepLatest(pending, toChartCandle(event.candle));
    if (!newest || event.candle.openTime >= newest.openTime) newest = event.candle;
    frames.request(flush);
  }

  function followForecasts(): void {
    const source = client.subscription(ForecastsDocument, { symbol });
    const live = source.subscribe(({ data }) => {
      if (data?.forecasts.__typename !== 'ForecastIssued') return;
      keep([data.forecasts.forecast]);
      frames.request(showFan);
    });
    // Asked for after the subscription began, so that nothing is issued unseen in between.
    const latest = client.query(LatestForecastsDocument, { symbol }, { requestPolicy: 'network-only' }).subscribe(({ data }) => {
      keep(data?.latestForecasts ?? []);
      frames.request(showFan);
    });
    closers.add(live.unsubscribe).add(latest.unsubscribe);
  }

  function keep(issued: readonly IssuedForecast[]): void {
    for (const forecast of issued) {
      const known = forecasts.get(forecast.horizon);
      if (!known || forecast.asOf >= known.asOf) forecasts.set(forecast.horizon, forecast);
    }
  }

  function showFan(): void {
    state.setState({ fan: toForecastFan([...forecasts.values()], interval) });
  }

  function flush(): void {
    apply(pending.values());
    pending.clear();
    state.setState({ newest, failure: undefined });
  }

  function apply(incoming: Iterable<ChartCandle>): void {
    const wasEmpty = candles.length === 0;
    const merged = mergeCandles(candles, incoming);
    candles = merged.candles;
    if (merged.changed.length === 0) return;
    for (const listener of listeners) {
      if (wasEmpty) listener.onReset(candles);
      else listener.onMerge(merged);
    }
  }

  /** History that no event tells of changes, too: what was fetched behind its live part, and all of it while the socket is down. */
  function lookThrough(): void {
    let waited = 0;
    const looking = setInterval(() => {
      waited += LOOK_BLIND_MS;
      if (!isSeen() || (waited < LOOK_MS && isConnected())) return;
      waited = 0;
      void look();
    }, LOOK_BLIND_MS);
    closers.add(() => clearInterval(looking));
  }

  async function look(): Promise<void> {
    if (isLooking || chunks.length === 0) return;
    isLooking = true;
    // When nobody answers what is shown stays, and the socket's state says so; it is looked at again.
    const news = await fetching()
      .then(({ fetchChanges }) => fetchChanges(client, symbol, interval, chunks))
      .catch(() => undefined);
    isLooking = false;
    if (!news) return;
    const named = new Map(news.chunks.map((chunk) => [chunk.from, chunk]));
    chunks = [...chunks.map((chunk) => named.get(chunk.from) ?? chunk), ...news.closed];
    apply(news.candles);
  }

  function loadOlder(): Promise<void> {
    loadingOlder ??= fetchOlder().finally(() => {
      loadingOlder = undefined;
    });
    return loadingOlder;
  }

  async function fetchOlder(): Promise<void> {
    if (olderThan === undefined || !hasOlder) return;
    try {
      const { fetchHistory } = await fetching();
      const page = await fetchHistory(client, symbol, interval, olderThan);
      hasOlder = page.olderThan !== undefined;
      olderThan = page.olderThan ?? olderThan;
      chunks = [...page.chunks, ...chunks];
      apply(page.candles);
    } catch (error) {
      state.setState({ failure: toFailure(error) });
    }
  }
}
