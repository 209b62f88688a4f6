import { setTimeout as delay } from 'node:timers/promises';
import { AppError, type EventLog, type LatestChannel, type LatestTopic } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { EventHub, EventHubInput } from './event-hub.ts';
import type { createLatestValues } from './latest-values.ts';

const RETRY_MS = 500;
const LATEST_TOPICS: readonly LatestTopic[] = ['candle.open', 'top_of_book', 'trades', 'depth', 'feed.status', 'backfill.progress'];

/**
 * Feeds the hub from the log until `signal` aborts: one reader per process, from the log's head at start, on from its own
 * position after every failure. When the log was made anew, or its front is gone beyond that position (a gateway that was away for
 * longer than the log is kept), the hub restarts at the head: `follow` throws then.
 */
export async function followLog(options: {
  readonly log: EventLog;
  readonly hub: EventHub & EventHubInput;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { log, hub, logger, signal } = options;
  await repeat('following the log', logger, signal, async () => {
    const head = await log.head();
    const reached = hub.position();
    if (!reached) hub.moveTo(head);
    else if (reached.epoch !== head.epoch) hub.restart(head, 'CURSOR_EPOCH_MISMATCH');
    try {
      for await (const event of log.follow(hub.position() ?? head, signal)) hub.dispatch(event);
    } catch (cause) {
      if (cause instanceof AppError && cause.code === 'CURSOR_EXPIRED') hub.restart(await log.head(), 'CURSOR_EXPIRED');
      throw cause;
    }
  });
}

/** Feeds the cache of newest values until `signal` aborts. */
export async function followLatest(options: {
  readonly channel: LatestChannel;
  readonly latest: ReturnType<typeof createLatestValues>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  await repeat('following the latest values', options.logger, options.signal, async () => {
    for await (const update of options.channel.subscribe(LATEST_TOPICS, options.signal)) options.latest.accept(update);
  });
}

/** Runs `work` again whenever it ends or fails; a failure is logged once until it works again. */
async function repeat(what: string, logger: Logger, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  let failed = false;
  while (!signal.aborted) {
    try {
      await work();
      failed = false;
    } catch (cause) {
      if (!failed && !signal.aborted) logger.warn({ err: cause }, `${what} failed, trying again`);
      failed = true;
    }
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
  }
}
