import {
  addMs,
  type Candle,
  type CandleReader,
  candleKey,
  floorToInterval,
  type InstrumentId,
  type Interval,
  intervalMs,
  type LogEvent,
  MINUTE_MS,
} from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { EventHub } from './event-hub.ts';
import type { LatestValues } from './latest-values.ts';
import { createOpenCandle, type OpenCandle } from './open-candle.ts';

/** The open candles of every series that somebody watches, each composed once for all. */
export interface OpenCandles {
  /** Keeps the series' open candle up to date and calls `onChange` after each change, until the returned function is called. */
  watch(instrumentId: InstrumentId, interval: Interval, onChange: () => void): () => void;
  /** The open candle of a watched series; undefined while there is none or its closed minutes are being read. */
  find(instrumentId: InstrumentId, interval: Interval): Candle | undefined;
}

interface Sources {
  readonly hub: EventHub;
  readonly latest: LatestValues;
  readonly candles: Pick<CandleReader, 'findSnapshot'>;
  readonly logger: Logger;
}

interface Series {
  readonly watchers: Set<() => void>;
  find(): Candle | undefined;
  stop(): void;
}

/** Returns an empty set. Reads the closed minutes of a bucket from the store once, then follows the log. */
export function createOpenCandles(sources: Sources): OpenCandles {
  const series = new Map<string, Series>();
  return {
    watch(instrumentId, interval, onChange) {
      const key = candleKey(instrumentId, interval);
      const watched = series.get(key) ?? startSeries(sources, instrumentId, interval);
      series.set(key, watched);
      watched.watchers.add(onChange);
      return () => {
        if (!watched.watchers.delete(onChange) || watched.watchers.size > 0) return;
        watched.stop();
        series.delete(key);
      };
    },
    find: (instrumentId, interval) => series.get(candleKey(instrumentId, interval))?.find(),
  };
}

function startSeries({ hub, latest, candles, logger }: Sources, instrumentId: InstrumentId, interval: Interval): Series {
  const watchers = new Set<() => void>();
  let candle: OpenCandle = createOpenCandle(interval);
  let state: 'empty' | { readonly loading: LogEvent[] } | 'ready' | 'stopped' = 'empty';

  const notify = () => {
    for (const watcher of watchers) watcher();
  };

  async function load(): Promise<void> {
    const update = latest.find('candle.open', instrumentId);
    if (state !== 'empty' || !update) return;
    const mine = { loading: [] as LogEvent[] };
    state = mine;
    try {
      const from = floorToInterval(update.candle.openTime, interval);
      const range = { from, to: addMs(update.candle.openTime, MINUTE_MS) };
      const limit = intervalMs(interval) / MINUTE_MS;
      const stored = await candles.findSnapshot({ instrumentId, interval: '1m', range, limit, take: 'newest' });
      if (state !== mine) return;
      state = 'ready';
      candle.load(stored.candles);
      candle.update(latest.find('candle.open', instrumentId) ?? update);
      for (const event of mine.loading) if (event.seq > stored.position.seq) accept(event);
      notify();
    } catch (cause) {
      if (state === mine) state = 'empty'; // the next update tries again
      logger.warn({ err: cause, instrumentId, interval }, 'reading the closed minutes of an open candle failed');
    }
  }

  function accept(event: LogEvent): void {
    if (event.topic !== 'candle.closed' && event.topic !== 'candle.corrected') return;
    if (typeof state === 'object') state.loading.push(event);
    if (state !== 'ready') return;
    if (candle.close(event.payload.candle)) notify();
    else restart();
  }

  function restart(): void {
    if (state === 'stopped') return;
    candle = createOpenCandle(interval);
    state = 'empty';
    void load();
  }

  const leave = hub.join([candleKey(instrumentId, '1m')], { accept, restart });
  const unwatch = latest.watch('candle.open', [instrumentId], () => {
    const update = latest.find('candle.open', instrumentId);
    if (state === 'empty') void load();
    if (state !== 'ready' || !update) return;
    candle.update(update);
    notify();
  });
  void load();
  return {
    watchers,
    find: () => (state === 'ready' ? candle.current() : undefined),
    stop() {
      state = 'stopped';
      leave();
      unwatch();
    },
  };
}
