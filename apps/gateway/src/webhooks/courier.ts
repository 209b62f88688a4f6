import { type Clock, DAY_MS, type DeskLease, type EventLog, HOUR_MS, type LogPosition, type WebhookQueue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import { runDesk } from '../desk/run-desk.ts';
import type { LatestValues } from '../live/latest-values.ts';
import type { CourierMetrics } from './courier-metrics.ts';
import type { EventKind } from './event-kind.ts';
import type { Post } from './post-to-target.ts';
import { readNews } from './read-news.ts';
import { createSender } from './send-due.ts';

/** What a courier is made of. `clock` is wall time. */
export interface CourierOptions {
  readonly queue: WebhookQueue;
  readonly kinds: readonly EventKind[];
  readonly log: Pick<EventLog, 'head' | 'oldest' | 'read'>;
  readonly latest: LatestValues;
  readonly post: Post;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: CourierMetrics;
  readonly signal: AbortSignal;
  readonly pace?: Partial<CourierPace>;
}

/** Times of a courier, in milliseconds of this machine. */
export interface CourierPace {
  /** Between two looks at the log. */
  readonly lookMs: number;
  /** How long the lease holds once this process says nothing more. */
  readonly leaseMs: number;
  /** How many deliveries may wait for one webhook. */
  readonly mostWaiting: number;
}

const PACE: CourierPace = { lookMs: 500, leaseMs: 6_000, mostWaiting: 10_000 };
/** A place that nothing was delivered for is written down this often; what is read again after a take-over is known by its source. */
const WRITE_PLACE_MS = 5_000;
const KEEP_MS = 30 * DAY_MS;

/**
 * Delivers webhooks while this process has the lease: reads the log from where the last holder stopped, stores what is to be delivered together with
 * the place, then sends what is due. Ends with `signal`.
 */
export function runCourier(options: CourierOptions): Promise<void> {
  const { queue, logger, metrics } = options;
  const pace = { ...PACE, ...options.pace };
  const sender = createSender({ ...options, onFree: () => desk.ring() });
  let held: DeskLease | undefined;
  let position: LogPosition | undefined;
  let [lookAt, writtenAt, tidyAt] = [0, 0, 0];

  async function look(token: number): Promise<void> {
    const news = await readNews(options, position);
    if (news.missed > 0) {
      metrics.missed.inc(news.missed);
      logger.error({ missed: news.missed }, 'the log was cut before webhooks had been told of it');
    }
    const isNews = news.deliveries.length > 0 || news.told.length > 0 || position === undefined;
    const hasMoved = position?.epoch !== news.to.epoch || position.seq !== news.to.seq;
    if (isNews || (hasMoved && performance.now() >= writtenAt + WRITE_PLACE_MS)) {
      const { dropped } = await queue.savePlan(token, news, pace.mostWaiting);
      writtenAt = performance.now();
      for (const { event } of news.deliveries) metrics.queued.inc({ event });
      if (dropped > 0) metrics.dropped.inc(dropped);
    }
    position = news.to;
    lookAt = news.hasMore ? 0 : performance.now() + pace.lookMs;
  }

  const desk = runDesk({
    ...{ desk: queue, task: 'delivers webhooks', lookMs: pace.lookMs, leaseMs: pace.leaseMs, logger, signal: options.signal },
    onTurn: (isMine) => metrics.isDelivering.set(isMine ? 1 : 0),
    async work(lease) {
      if (lease !== held) ({ position } = lease);
      held = lease;
      if (performance.now() >= lookAt) await look(lease.token);
      await sender.sendDue();
      if (performance.now() >= tidyAt) {
        await queue.removeOld(KEEP_MS);
        tidyAt = performance.now() + HOUR_MS;
      }
      return lookAt - performance.now();
    },
    finish: sender.idle,
  });
  return desk.done;
}
