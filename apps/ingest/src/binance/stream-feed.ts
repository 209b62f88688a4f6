import { setMaxListeners } from 'node:events';
import type { EpochMs } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import Bottleneck from 'bottleneck';
import type { ExchangeClock, Feed, FeedListener } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { repeat } from '../pause.ts';
import type { Endpoints } from './endpoints.ts';
import type { BookFrame, CandleFrame } from './parse-frame.ts';
import { type BookMark, isBookBehind, isCandleBehind } from './stall-probe.ts';
import { STREAM_KINDS, type Stream, streamsOf } from './stream-names.ts';
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
const SYMBOLS_PER_LINK = Math.floor(STREAMS_PER_LINK / STREAM_KINDS.length);
/**
 * The exchange allows 300 attempts in five minutes per address. A bucket that holds 90 and gains one every 1.5 s never lets more
 * than 290 through in any five minutes.
 */
const CONNECT_BURST = 90;
const CONNECT_EVERY_MS = 1_500;
/** The exchange cuts a connection after 24 hours of its time. Links are renewed at different moments. */
const LINK_LIFE_MS = 23 * 3_600_000;
const LINK_LIFE_JITTER_MS = 1_800_000;
const VERIFY_EVERY_MS = 120_000;
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

/** One connection's worth of symbols. */
interface ShardEntry {
  readonly members: Set<string>;
  readonly shard: StreamShard;
  renewAgainAt: number;
}

/** Opens the live feed of `symbols` over as many connections as it takes, and watches every stream. */
export function openStreamFeed(symbols: readonly string[], listener: FeedListener, options: StreamFeedOptions): Feed {
  const { clock, endpoints, metrics, log } = options;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const byName = new Map<string, Stream>();
  /** Streams that were given up: what still comes of them is no surprise. */
  const left = new Set<string>();
  const heard = new Map<string, Heard>();
  const floorMs = SILENCE_FLOOR_WALL_MS / clock.toWallMs(1);
  const watch = new StreamWatch(floorMs);
  const connectGate = new Bottleneck({
    reservoir: CONNECT_BURST,
    reservoirIncreaseAmount: 1,
    reservoirIncreaseInterval: CONNECT_EVERY_MS,
    reservoirIncreaseMaximum: CONNECT_BURST,
  });
  const renewGate = new Bottleneck({ maxConcurrent: 1 });
  const shards = new Set<ShardEntry>();
  const running = new Set<Promise<void>>([repeat(() => SWEEP_EVERY_MS, stop.signal, sweep)]);
  add(symbols);

  return {
    add,
    remove,
    silentSymbols: () => symbolsOf(watch.silent(clock.now()).filter(({ kind }) => kind === 'kline_1m')),
    stalledSymbols: () => symbolsOf(watch.stalled(clock.now())),
    async close() {
      stop.abort();
      await Promise.all([connectGate, renewGate].map((gate) => gate.stop({ dropWaitingJobs: true })));
      await Promise.all(running);
    },
  };

  function add(more: readonly string[]): void {
    const joining = new Map<ShardEntry, string[]>();
    for (const symbol of more) {
      if (heard.has(symbol)) continue;
      heard.set(symbol, unheard());
      const entry = [...shards].find(({ members }) => members.size < SYMBOLS_PER_LINK) ?? openShard();
      entry.members.add(symbol);
      const streams = streamsOf(symbol);
      watch.add(streams);
      for (const stream of streams) {
        byName.set(stream.name, stream);
        left.delete(stream.name);
      }
      joining.set(entry, [...(joining.get(entry) ?? []), ...streams.map(({ name }) => name)]);
    }
    for (const [{ shard }, names] of joining) shard.want(names);
  }

  function remove(fewer: readonly string[]): void {
    for (const entry of shards) {
      const leaving = fewer.filter((symbol) => entry.members.delete(symbol));
      if (leaving.length === 0) continue;
      const names = leaving.flatMap(streamsOf).map(({ name }) => name);
      for (const symbol of leaving) heard.delete(symbol);
      for (const name of names) {
        byName.delete(name);
        left.add(name);
      }
      watch.remove(names);
      entry.shard.unwant(names);
      if (entry.members.size > 0) continue;
      entry.shard.close();
      shards.delete(entry);
    }
  }

  function openShard(): ShardEntry {
    const shard = new StreamShard({
      url: new URL('/stream', options.wsUrl).href,
      connectGate,
      renewGate,
      lifeMs: () => clock.toWallMs(LINK_LIFE_MS - Math.random() * LINK_LIFE_JITTER_MS),
      verifyEveryMs: () => VERIFY_EVERY_MS * (0.8 + 0.4 * Math.random()),
      onData: (frame) => (frame.kind === 'candle' ? takeCandle(frame) : takeBook(frame)),
      onRefused: (reason) => metrics.refusedFrames.inc({ reason }),
      onUp: (names) => noteLink(names, true, null),
      onDown: (names, reason) => noteLink(names, false, reason),
      onReconnect: (kind) => metrics.reconnects.inc({ kind }),
      onForgotten: (count) => metrics.forgottenStreams.inc(count),
      log,
      signal: stop.signal,
    });
    const entry: ShardEntry = { members: new Set(), shard, renewAgainAt: 0 };
    shards.add(entry);
    // Begins when all that join it now are known.
    const run = Promise.resolve().then(() => shard.run());
    running.add(run);
    void run.finally(() => running.delete(run));
    return entry;
  }

  function noteLink(names: readonly string[], isUp: boolean, detail: string | null): void {
    const streams = names.flatMap((name) => byName.get(name) ?? []);
    const affected = symbolsOf(streams);
    if (affected.length === 0) return;
    // A new connection may start to count anew: nothing that was heard before is compared with it.
    for (const symbol of affected) heard.set(symbol, unheard());
    if (isUp) watch.started(names, clock.now());
    else watch.paused(names);
    listener.onLink(affected, isUp, detail);
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
    if (!left.has(frame.stream)) metrics.refusedFrames.inc({ reason: stream ? 'wrong_symbol' : 'unknown_stream' });
    return undefined;
  }

  async function sweep(): Promise<void> {
    await Promise.all(watch.suspicious(clock.now()).slice(0, PROBES_PER_SWEEP).map(probe));
    const now = clock.now();
    const stalled = symbolsOf(watch.stalled(now));
    for (const entry of shards) {
      const affected = stalled.filter((symbol) => entry.members.has(symbol));
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
