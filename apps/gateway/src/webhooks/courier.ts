import { randomUUID } from 'node:crypto';
import { AppError, type Clock, DAY_MS, type EventLog, HOUR_MS, type LogPosition, type WebhookQueue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
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
 * Delivers webhooks while this process has the lease, and waits for the lease while another one has it: so all gateways run this and one works.
 * Reads the log from where the last holder stopped, stores what is to be delivered together with the place, then sends what is due. Ends with
 * `signal`: the lease is free at once then.
 */
export async function runCourier(options: CourierOptions): Promise<void> {
  const { queue, logger, metrics, signal } = options;
  const pace = { ...PACE, ...options.pace };
  const holder = randomUUID();
  let ring: (() => void) | undefined;
  let isRung = false;
  const sender = createSender({
    ...options,
    onFree() {
      isRung = true;
      ring?.();
    },
  });
  let token: number | undefined;
  let position: LogPosition | undefined;
  let [renewAt, lookAt, writtenAt, tidyAt] = [0, 0, 0, 0];
  let hasFailed = false;

  /** Keeps the lease and does what is due; false while another process has it. */
  async function pass(): Promise<boolean> {
    isRung = false;
    if (token === undefined || performance.now() >= renewAt) await renew();
    if (token === undefined) return false;
    if (performance.now() >= lookAt) await look(token);
    await sender.sendDue();
    if (performance.now() >= tidyAt) {
      await queue.removeOld(KEEP_MS);
      tidyAt = performance.now() + HOUR_MS;
    }
    return true;
  }

  async function renew(): Promise<void> {
    const lease = await queue.takeLease(holder, pace.leaseMs);
    renewAt = performance.now() + pace.leaseMs / 4;
    metrics.isDelivering.set(lease ? 1 : 0);
    if (lease && lease.token !== token) {
      position = lease.position;
      logger.info({ token: lease.token }, 'this process delivers webhooks');
    }
    token = lease?.token;
  }

  async function look(lease: number): Promise<void> {
    const news = await readNews(options, position);
    if (news.missed > 0) {
      metrics.missed.inc(news.missed);
      logger.error({ missed: news.missed }, 'the log was cut before webhooks had been told of it');
    }
    const isNews = news.deliveries.length > 0 || news.told.length > 0 || position === undefined;
    const hasMoved = position?.epoch !== news.to.epoch || position.seq !== news.to.seq;
    if (isNews || (hasMoved && performance.now() >= writtenAt + WRITE_PLACE_MS)) {
      const { dropped } = await queue.savePlan(lease, news, pace.mostWaiting);
      writtenAt = performance.now();
      for (const { event } of news.deliveries) metrics.queued.inc({ event });
      if (dropped > 0) metrics.dropped.inc(dropped);
    }
    position = news.to;
    lookAt = news.hasMore ? 0 : performance.now() + pace.lookMs;
  }

  while (!signal.aborted) {
    try {
      const isMine = await pass();
      hasFailed = false;
      await rest(isMine ? Math.max(0, Math.min(pace.lookMs, lookAt - performance.now())) : pace.lookMs);
    } catch (cause) {
      token = undefined; // whatever happened, where to go on is what the database says
      const isLost = cause instanceof AppError && cause.code === 'lease_lost';
      if (!hasFailed && !signal.aborted)
        logger.warn({ err: cause }, isLost ? 'another process delivers webhooks' : 'delivering webhooks failed');
      hasFailed = true;
      await rest(pace.lookMs);
    }
  }
  metrics.isDelivering.set(0);
  await sender.idle();
  if (token !== undefined) {
    await queue.dropLease(token).catch((cause: unknown) => logger.warn({ err: cause }, 'the lease of the webhooks ends by itself'));
  }

  /** Waits for so long, for a place that becomes free, or for the end. */
  function rest(ms: number): Promise<void> {
    return new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        ring = undefined;
        resolve();
      };
      const timer = setTimeout(wake, ms);
      ring = wake;
      if (signal.aborted || isRung) wake();
      else signal.addEventListener('abort', wake, { once: true });
    });
  }
}
