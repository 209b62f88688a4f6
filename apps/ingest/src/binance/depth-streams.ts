import type { Logger } from '@candlecast/telemetry';
import type { DepthListener, DepthStreams, ExchangeClock } from '../exchange.ts';
import type { IngestMetrics } from '../health/metrics.ts';
import { type LinkGates, linkLifeMs } from './link-gates.ts';
import type { DataFrame } from './parse-frame.ts';
import { StreamShard } from './stream-shard.ts';

/** What the streams of books are made of. */
export interface DepthStreamsOptions {
  readonly wsUrl: string;
  readonly gates: LinkGates;
  readonly clock: Pick<ExchangeClock, 'toWallMs'>;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** Changes of a book once a second; the exchange has them every 100 ms too, ten times as many frames for what is shown once a second. */
const SUFFIX = '@depth';

/** Opens the streams of books: one connection of their own, there only while a book is wanted. */
export function openDepthStreams(listener: DepthListener, options: DepthStreamsOptions): DepthStreams {
  const { gates, clock, metrics, log } = options;
  const symbols = new Map<string, string>();
  const running = new Set<Promise<void>>();
  const stop = new AbortController();
  let shard: StreamShard | undefined;

  return {
    add(symbol) {
      const name = `${symbol.toLowerCase()}${SUFFIX}`;
      if (symbols.has(name)) return;
      symbols.set(name, symbol);
      shard ??= openShard();
      shard.want([name]);
    },
    remove(symbol) {
      const name = `${symbol.toLowerCase()}${SUFFIX}`;
      if (!symbols.delete(name)) return;
      shard?.unwant([name]);
      if (symbols.size > 0) return;
      shard?.close();
      shard = undefined;
    },
    renew: (reason) => shard?.renew(reason),
    async close() {
      stop.abort();
      await Promise.all(running);
    },
  };

  function openShard(): StreamShard {
    const opened = new StreamShard({
      url: new URL('/stream', options.wsUrl).href,
      gates,
      lifeMs: () => linkLifeMs(clock),
      onData: take,
      onRefused: (reason) => metrics.refusedFrames.inc({ reason }),
      onUp: (names) => tell(names, true),
      onDown: (names) => tell(names, false),
      onReconnect: (kind) => metrics.reconnects.inc({ kind }),
      onForgotten: (count) => metrics.forgottenStreams.inc(count),
      log,
      signal: stop.signal,
    });
    const run = Promise.resolve().then(() => opened.run());
    running.add(run);
    void run.finally(() => running.delete(run));
    return opened;
  }

  function take(frame: DataFrame): void {
    const symbol = symbols.get(frame.stream);
    if (frame.kind !== 'depth' || symbol === undefined) return;
    if (symbol !== frame.symbol) {
      metrics.refusedFrames.inc({ reason: 'wrong_symbol' });
      return;
    }
    metrics.frames.inc({ kind: 'depth' });
    listener.onChange(symbol, frame.change);
  }

  function tell(names: readonly string[], isUp: boolean): void {
    for (const name of names) {
      const symbol = symbols.get(name);
      if (symbol !== undefined) listener.onLink(symbol, isUp);
    }
  }
}
