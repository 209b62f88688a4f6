import type { Clock, DueWebhookDelivery, WebhookAttempt, WebhookQueue } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { CourierMetrics } from './courier-metrics.ts';
import type { Post } from './post-to-target.ts';
import { retryAfterMs } from './retry-schedule.ts';
import { signDelivery } from './signature.ts';

/** Deliveries to one webhook at a time: a slow target holds up its own and no other's. */
const PER_WEBHOOK = 4;

/** Sends what is due, without waiting for it. */
export interface Sender {
  /** Begins what is due and has a free place. */
  sendDue(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** What a sender works with. `clock` is wall time; `onFree` is called when a place has become free. */
export interface SenderOptions {
  readonly queue: Pick<WebhookQueue, 'findDue' | 'saveAttempt'>;
  readonly post: Post;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: CourierMetrics;
  readonly signal: AbortSignal;
  onFree(): void;
}

/** Returns a sender. What `signal` ends is not counted as a try: it is sent again. */
export function createSender(options: SenderOptions): Sender {
  const { queue, post, clock, logger, metrics, signal } = options;
  const underWay = new Map<string, { readonly webhookId: string; readonly done: Promise<void> }>();

  async function deliver(due: DueWebhookDelivery): Promise<void> {
    const signed = signDelivery(due, Math.floor(clock.now() / 1_000));
    const headers = { 'content-type': 'application/json', 'user-agent': 'Candlecast-Webhooks/1', ...signed };
    const { status, error } = await post(due.url, headers, due.body, signal);
    if (signal.aborted && error !== null) return;
    const retry = error === null || due.isLast ? null : retryAfterMs(due.attempts, Math.random());
    metrics.attempts.inc({ result: error === null ? 'delivered' : retry === null ? 'dead' : 'retried' });
    await save(due.id, { status, error, retryAfterMs: retry });
  }

  /** What cannot be written down is sent once more: the target tells by the id. */
  async function save(id: string, attempt: WebhookAttempt): Promise<void> {
    await queue
      .saveAttempt(id, attempt)
      .catch((cause: unknown) => logger.warn({ err: cause, id }, 'the result of a delivery was not stored'));
  }

  return {
    async sendDue() {
      for (const due of await queue.findDue([...underWay.keys()], PER_WEBHOOK)) {
        const busy = [...underWay.values()].filter(({ webhookId }) => webhookId === due.webhookId).length;
        if (busy >= PER_WEBHOOK || underWay.has(due.id) || signal.aborted) continue;
        const done = deliver(due).finally(() => {
          underWay.delete(due.id);
          metrics.underWay.dec();
          options.onFree();
        });
        underWay.set(due.id, { webhookId: due.webhookId, done });
        metrics.underWay.inc();
      }
    },
    async idle() {
      await Promise.all([...underWay.values()].map(({ done }) => done));
    },
  };
}
