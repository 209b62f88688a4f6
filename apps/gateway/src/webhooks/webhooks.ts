import type { Clock, EventLog, WebhookQueue, WebhookRegister } from '@candlecast/domain';
import type { Logger } from '@candlecast/telemetry';
import type { Registry } from 'prom-client';
import type { LatestValues } from '../live/latest-values.ts';
import { runCourier } from './courier.ts';
import { createCourierMetrics } from './courier-metrics.ts';
import { EVENT_KINDS } from './event-kinds.ts';
import { createPost } from './post-to-target.ts';
import type { TargetPolicy } from './target-rules.ts';
import { createWebhookDesk, type WebhookDesk } from './webhook-desk.ts';

/** What webhooks are kept in. */
export interface WebhookPorts {
  readonly register: WebhookRegister;
  readonly queue: WebhookQueue;
}

/** What webhooks are made of. `clock` is wall time. */
export interface WebhooksOptions extends WebhookPorts {
  readonly policy: TargetPolicy;
  readonly log: EventLog;
  readonly latest: LatestValues;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Returns where clients have their webhooks, and begins to deliver, or to wait for its turn, until `signal` aborts; `done` is the end of that. */
export function startWebhooks(options: WebhooksOptions): { readonly desk: WebhookDesk; readonly done: Promise<void> } {
  const { register, policy, registry } = options;
  const desk = createWebhookDesk({ register, kinds: EVENT_KINDS, policy });
  const done = runCourier({ ...options, kinds: EVENT_KINDS, post: createPost(policy), metrics: createCourierMetrics(registry) });
  return { desk, done };
}
