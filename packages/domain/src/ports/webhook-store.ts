import type { LogPosition } from '../event.ts';
import type { DueWebhookDelivery, NewWebhookDelivery, Webhook, WebhookAttempt } from '../webhook.ts';
import type { LogDesk } from './log-desk.ts';

/** Who may see a webhook. */
export type WebhookOwners = readonly string[];

/** Where clients keep their webhooks. */
export interface WebhookRegister {
  /** Returns the id, or undefined when the owner has `most` already. It gets what is logged from now on. */
  create(
    webhook: Omit<Webhook, 'id' | 'owners' | 'createdAfter'> & { owner: string; url: string; secret: string },
    most: number,
  ): Promise<string | undefined>;
  /** Removes the webhook and its deliveries; false when none of the owners has it. */
  remove(id: string, owners: WebhookOwners): Promise<boolean>;
  /** Queues a delivery anew, for another day; false when none of the owners has it. */
  redeliver(deliveryId: string, owners: WebhookOwners): Promise<boolean>;
}

/** What a pass over the log has found. */
export interface WebhookPlan {
  readonly to: LogPosition;
  readonly deliveries: readonly NewWebhookDelivery[];
  /** Values that are not in the log and have been told with this. */
  readonly told: readonly { readonly topic: string; readonly key: string; readonly value: string }[];
}

/** What the sending process works with. Times are the database's. */
export interface WebhookQueue extends LogDesk {
  /** Those whose owners are still there: a key that was revoked or has expired, and was not replaced, is told nothing more. */
  findWebhooks(): Promise<Webhook[]>;
  /** What was told last, by topic and key, of values that are not in the log. */
  findTold(topic: string): Promise<Map<string, string>>;
  /**
   * Stores deliveries and how far the log has been read, in one transaction. A webhook with `mostWaiting` deliveries gets no more: those are
   * counted as dropped. Returns how many. Throws `lease_lost` when another process has taken over.
   */
  savePlan(token: number, plan: WebhookPlan, mostWaiting: number): Promise<{ readonly dropped: number }>;
  /** At most `perWebhook` of each webhook whose time has come, longest waiting first, but for those that are under way. */
  findDue(underWay: readonly string[], perWebhook: number): Promise<DueWebhookDelivery[]>;
  saveAttempt(deliveryId: string, attempt: WebhookAttempt): Promise<void>;
  /** Removes deliveries that are over and older than `keepMs`; returns how many. */
  removeOld(keepMs: number): Promise<number>;
}
