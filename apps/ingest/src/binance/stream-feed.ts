import type { EpochMs } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import Bottleneck from 'bottleneck';
import type { ExchangeClock, Feed, FeedListener } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { repeat } from '../pause.ts';
import type { Endpoints } from './endpoints.ts';
import type { BookFrame, CandleFrame } from './parse-frame.ts';
import { type BookMark, isBookBehind, isCandleBehind } from './stall-probe.ts';
import { chunk, STREAM_KINDS, type Stream, streamsOf } from './stream-names.ts';
import { StreamShard } from './stream-shard.ts';
import { StreamWatch } from './stream-watch.ts';

/** What the feed is made of. */
export interface StreamFeedOptions {
  readonly wsUrl: string;
  readonly clock: ExchangeClock;
  readonly endpoints: Endpoints;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** Streams on one connection. The exchange allows 1,024; fewer lose less when one connection is lost. */
const STREAMS_PER_LINK = 250;
/** The exchange allows 300 attempts in five minutes per address. */
const CONNECTS_PER_5_MINUTES = 200;
const FIVE_MINUTES_MS = 300_000;
/** The exchange cuts a connection after 24 hours of its time. Links are renewed at different moments. */
const LINK_LIFE_MS = 23 * 3_600_000;
const LINK_LIFE_JITTER_MS = 1_800_000;
const SWEEP_EVERY_MS = 1_000;
const SILENCE_FLOOR_WALL_MS = 3_000;
const PROBES_PER_SWEEP = 5;
/** Event times further ahead than this are wrong, and would make everything after them look old (exchange's time). */
const FUTURE_MS = 60_000;
/** A stream that stays mute on new connections too is not worth a connection more often than this (exchange's time). */
const RENEW_FOR_STALL_EVERY_MS = 60_000;

/** The newest that was heard of a symbol. */
interface Heard {
  candle: CandleFrame | undefined;
  book: BookFrame | undefined;
  /** The top of the book as the stream or, before it said anything, the exchange showed it. */
  top: BookMark | undefined;
  startedAt: EpochMs;
}

/** Opens the live feed of `symbols` over as many connections as it takes, and watches every stream. */
export function openStreamFeed(symbols: readonly string[], listener: FeedListener, options: StreamFeedOptions): Feed {
  const { clock, endpoints, metrics, log } = options;
  const stop = new AbortController();
  const streams = symbols.flatMap(streamsOf);
  const byName = new Map(streams.map((stream) => [stream.name, stream]));
  const heard = new Map<string, Heard>(symbols.map((symbol) => [symbol, unheard()]));
  const floorMs = SILENCE_FLOOR_WALL_MS / clock.toWallMs(1);
  const watch = new StreamWatch(streams, floorMs);
  const connectGate = new Bottleneck({
    reservoir: CONNECTS_PER_5_MINUTES,
    reservoirRefreshAmount: CONNECTS_PER_5_MINUTES,
    reservoirRefreshInterval: FIVE_MINUTES_MS,
  });
  const shards = chunk(symbols, STREAMS_PER_LINK / STREAM_KINDS.length).map((members) => ({
    members,
    shard: createShard(members),
    renewAgainAt: 0,
  }));
  const running = Promise.all([...shards.map(({ shard }) => shard.run()), repeat(() => SWEEP_EVERY_MS, stop.signal, sweep)]);

  return {
    silentSymbols: () => symbolsOf(watch.silent(clock.now()).filter(({ kind }) => kind === 'kline_1m')),
    stalledSymbols: () => symbolsOf(watch.stalled(clock.now())),
    async close() {
      stop.abort();
      await connectGate.stop({ dropWaitingJobs: true });
      await running;
    },
  };

  function createShard(shardSymbols: readonly string[]): StreamShard {
    const names = shardSymbols.flatMap(streamsOf).map(({ name }) => name);
    return new StreamShard({
      url: new URL('/stream', options.wsUrl).href,
      names,
      connectGate,
      lifeMs: () => clock.toWallMs(LINK_LIFE_MS - Math.random() * LINK_LIFE_JITTER_MS),
      onData: (frame) => (frame.kind === 'candle' ? takeCandle(frame) : takeBook(frame)),
      onRefused: (reason) => metrics.refusedFrames.inc({ reason }),
      onState(isUp, detail) {
        // A new connection may start to count anew: nothing that was heard before is compared with it.
        for (const symbol of shardSymbols) heard.set(symbol, unheard());
        if (isUp) watch.started(names, clock.now());
        else watch.paused(names);
        listener.onLink(shardSymbols, isUp, detail);
      },
      onReconnect: (kind) => metrics.reconnects.inc({ kind }),
      log,
      signal: stop.signal,
    });
  }

  function takeCandle(frame: CandleFrame): void {
    const last = route(frame);
    if (!last) return;
    const { symbol, candle, isClosed, exchangeTime } = frame;
    const receivedAt = clock.now();
    if (exchangeTime > receivedAt + Math.max(FUTURE_MS, floorMs)) {
      metrics.refusedFrames.inc({ reason: 'future' });
      return;
    }
    metrics.frames.inc({ kind: isClosed ? 'candle_closed' : 'candle_open' });
    const isNewer = exchangeTime > (last.candle?.exchangeTime ?? Number.NEGATIVE_INFINITY);
    if (isNewer) {
      metrics.lagMs.observe(Math.max(0, receivedAt - exchangeTime));
      // Freshness is judged by the event time: a connection that repeats old data is as good as silent.
      watch.heard(frame.stream, receivedAt);
      last.candle = frame;
    }
    // An old update of an open candle says nothing; a close is a fact whenever it comes.
    if (isNewer || isClosed) listener.onCandle({ symbol, candle, isClosed, exchangeTime, receivedAt });
  }

  function takeBook(frame: BookFrame): void {
    const last = route(frame);
    if (!last) return;
    metrics.frames.inc({ kind: 'top_of_book' });
    if (last.book && frame.updateId <= last.book.updateId) return;
    last.book = frame;
    last.top = frame;
    const receivedAt = clock.now();
    watch.heard(frame.stream, receivedAt);
    const { bidPrice, bidSize, askPrice, askSize } = frame;
    listener.onTopOfBook(frame.symbol, { bidPrice, bidSize, askPrice, askSize, receivedAt });
  }

  function route(frame: CandleFrame | BookFrame): Heard | undefined {
    const stream = byName.get(frame.stream);
    if (stream?.symbol === frame.symbol && (stream.kind === 'kline_1m') === (frame.kind === 'candle')) return heard.get(frame.symbol);
    metrics.refusedFrames.inc({ reason: stream ? 'wrong_symbol' : 'unknown_stream' });
    return undefined;
  }

  async function sweep(): Promise<void> {
    await Promise.all(watch.suspicious(clock.now()).slice(0, PROBES_PER_SWEEP).map(probe));
    const now = clock.now();
    const stalled = symbolsOf(watch.stalled(now));
    for (const entry of shards) {
      const affected = entry.members.filter((symbol) => stalled.includes(symbol));
      if (affected.length === 0 || now < entry.renewAgainAt) continue;
      entry.renewAgainAt = now + Math.max(RENEW_FOR_STALL_EVERY_MS, floorMs);
      entry.shard.renew(`no data for ${affected.join(', ')} although the exchange has newer`);
    }
  }

  function unheard(): Heard {
    return { candle: undefined, book: undefined, top: undefined, startedAt: clock.now() };
  }

  async function isCandleMute({ candle, startedAt }: Heard, { symbol }: Stream): Promise<boolean> {
    return isCandleBehind(candle?.candle, await endpoints.findNewestCandle(symbol), startedAt);
  }

  /** The book of a quiet pair may stand for hours: a stream that has said nothing is mute only when the book moves. */
  async function isBookMute(last: Heard, { symbol }: Stream): Promise<boolean> {
    const newest = await endpoints.fetchBookTop(symbol);
    last.top ??= newest;
    return isBookBehind(last.top, newest);
  }

  async function probe(stream: Stream): Promise<void> {
    const askedAt = clock.now();
    const last = heard.get(stream.symbol);
    if (!last) return;
    try {
      watch.judge(stream.name, stream.kind === 'kline_1m' ? await isCandleMute(last, stream) : await isBookMute(last, stream), askedAt);
    } catch (cause) {
      log.debug({ err: cause, stream: stream.name }, 'a silent stream could not be compared with the exchange');
    }
  }
}

function symbolsOf(streams: readonly Stream[]): string[] {
  return [...new Set(streams.map(({ symbol }) => symbol))];
}
