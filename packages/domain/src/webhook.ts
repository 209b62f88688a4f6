import type { LogPosition } from './event.ts';
import type { InstrumentId } from './instrument.ts';
import type { Interval } from './interval.ts';

/** Where a delivery stands: to be sent, sent and accepted, or given up until somebody asks for it again. */
export const WEBHOOK_DELIVERY_STATES = ['PENDING', 'DELIVERED', 'DEAD'] as const;
export type WebhookDeliveryState = (typeof WEBHOOK_DELIVERY_STATES)[number];

/** Where events are sent to, and which. */
export interface Webhook {
  readonly id: string;
  /** Whose it is: an owner with those it replaced and that replaced it. */
  readonly owners: readonly string[];
  /** Kinds of events, such as "candle.closed". */
  readonly events: readonly string[];
  /** Empty for every instrument. */
  readonly symbols: readonly InstrumentId[];
  /** Of candles; empty for every interval. */
  readonly intervals: readonly Interval[];
  /** It gets what is logged after this. */
  readonly createdAfter: LogPosition;
}

/** An event for a webhook. `id` is new for each; `source` names what it tells, so that the same is queued once. */
export interface NewWebhookDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly source: string;
  readonly event: string;
  /** Sent byte for byte. */
  readonly body: string;
}

/** A delivery whose time has come. */
export interface DueWebhookDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  /** Tries before this one. */
  readonly attempts: number;
  /** A day has passed: when this try fails, it is the last. */
  readonly isLast: boolean;
}

/** How a try went. `status` is the target's HTTP status, null where there was no answer; `error` says what failed, null for success. */
export interface WebhookAttempt {
  readonly status: number | null;
  readonly error: string | null;
  /** When to try again, in milliseconds from now; null when it is over, for better or worse. */
  readonly retryAfterMs: number | null;
}
