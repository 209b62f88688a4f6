import { setMaxListeners } from 'node:events';
import type { Logger } from '@candlecast/telemetry';
import type { ExchangeClock, Feed, FeedListener } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { repeat } from '../pause.ts';
import type { Endpoints } from './endpoints.ts';
import { FrameDesk } from './frame-desk.ts';
import { type LinkGates, linkLifeMs } from './link-gates.ts';
import { createStallSweep } from './stall-sweep.ts';
import { STREAM_KINDS, type Stream, type StreamKind, streamsOf } from './stream-names.ts';
import { StreamShard } from './stream-shard.ts';
import { StreamWatch } from './stream-watch.ts';

/** What the feed is made of. */
export interface StreamFeedOptions {
  readonly wsUrl: string;
  readonly gates: LinkGates;
  readonly clock: ExchangeClock;
  /** The streams of every symbol; all kinds by default. */
  readonly kinds?: readonly StreamKind[];
  readonly endpoints: Endpoints;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** Streams on one connection. The exchange allows 1,024; fewer lose less when one connection is lost. */
const STREAMS_PER_LINK = 250;
const SWEEP_EVERY_MS = 1_000;
const SILENCE_FLOOR_WALL_MS = 3_000;
/** Event times further ahead than this are wrong, and would make everything after them look old (exchange's time). */
const FUTURE_MS = 60_000;
/** A stream that stays mute on new connections too is not worth a connection more often than this (exchange's time). */
const RENEW_FOR_STALL_EVERY_MS = 60_000;

/** One connection's worth of symbols. */
interface ShardEntry {
  readonly members: Set<string>;
  readonly shard: StreamShard;
  renewAgainAt: number;
}

/** Opens the live feed of `symbols` over as many connections as it takes, and watches every stream. */
export function openStreamFeed(symbols: readonly string[], listener: FeedListener, options: StreamFeedOptions): Feed {
  const { clock, endpoints, metrics, log, kinds = STREAM_KINDS } = options;
  const symbolsPerLink = Math.floor(STREAMS_PER_LINK / kinds.length);
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const floorMs = SILENCE_FLOOR_WALL_MS / clock.toWallMs(1);
  const watch = new StreamWatch(floorMs);
  const desk = new FrameDesk({ listener, watch, clock, metrics, futureMs: Math.max(FUTURE_MS, floorMs) });
  const sweepStalls = createStallSweep({ watch, desk, endpoints, clock, log });
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
      await Promise.all(running);
    },
  };

  function add(more: readonly string[]): void {
    const joining = new Map<ShardEntry, string[]>();
    for (const symbol of more) {
      if (desk.find(symbol)) continue;
      const entry = [...shards].find(({ members }) => members.size < symbolsPerLink) ?? openShard();
      entry.members.add(symbol);
      const streams = streamsOf(symbol, kinds);
      watch.add(streams);
      desk.add(symbol, streams);
      joining.set(entry, [...(joining.get(entry) ?? []), ...streams.map(({ name }) => name)]);
    }
    for (const [{ shard }, names] of joining) shard.want(names);
  }

  function remove(fewer: readonly string[]): void {
    for (const entry of shards) {
      const leaving = fewer.filter((symbol) => entry.members.delete(symbol));
      if (leaving.length === 0) continue;
      for (const symbol of leaving) desk.remove(symbol, streamsOf(symbol, kinds));
      const names = leaving.flatMap((symbol) => streamsOf(symbol, kinds)).map(({ name }) => name);
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
      gates: options.gates,
      lifeMs: () => linkLifeMs(clock),
      onData: (frame) => desk.take(frame),
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
    const affected = symbolsOf(desk.known(names));
    if (affected.length === 0) return;
    desk.restart(affected);
    if (isUp) watch.started(names, clock.now());
    else watch.paused(names);
    listener.onLink(affected, isUp, detail);
  }

  async function sweep(): Promise<void> {
    await sweepStalls();
    const now = clock.now();
    const stalled = symbolsOf(watch.stalled(now));
    for (const entry of shards) {
      const affected = stalled.filter((symbol) => entry.members.has(symbol));
      if (affected.length === 0 || now < entry.renewAgainAt) continue;
      entry.renewAgainAt = now + Math.max(RENEW_FOR_STALL_EVERY_MS, floorMs);
      entry.shard.renew(`no data for ${affected.join(', ')} although the exchange has newer`);
    }
  }
}

function symbolsOf(streams: readonly Stream[]): string[] {
  return [...new Set(streams.map(({ symbol }) => symbol))];
}
