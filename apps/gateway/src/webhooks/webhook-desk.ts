import { AppError, type InstrumentId, type Interval, type WebhookOwners, type WebhookRegister } from '@candlecast/domain';
import type { EventKind } from './event-kind.ts';
import { mintSecret } from './signature.ts';
import { parseTarget, type TargetPolicy } from './target-rules.ts';

/** What a new webhook is to be. */
export interface WebhookWish {
  readonly url: string;
  readonly events: readonly string[];
  /** Tracked ones; none for all. */
  readonly symbols: readonly InstrumentId[];
  readonly intervals: readonly Interval[];
}

/** A webhook that was just made. `secret` is shown nowhere else. */
export interface CreatedWebhook {
  readonly id: string;
  readonly secret: string;
}

/** Where clients have their webhooks. */
export interface WebhookDesk {
  /** Rejects with BAD_USER_INPUT, or QUOTA_EXCEEDED when the owner has too many. */
  create(owner: string, wish: WebhookWish): Promise<CreatedWebhook>;
  /** Rejects with NOT_FOUND. */
  remove(owners: WebhookOwners, id: string): Promise<void>;
  /** Rejects with NOT_FOUND. */
  redeliver(owners: WebhookOwners, deliveryId: string): Promise<void>;
}

/** Webhooks of one owner. */
export const MOST_WEBHOOKS = 20;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Returns the desk over the register. */
export function createWebhookDesk(options: {
  readonly register: WebhookRegister;
  readonly kinds: readonly EventKind[];
  readonly policy: TargetPolicy;
}): WebhookDesk {
  const { register, kinds, policy } = options;
  return {
    async create(owner, { url, events, symbols, intervals }) {
      const target = parseTarget(url, policy);
      if (!target.ok) throw target.error;
      if (events.length === 0) throw new AppError('BAD_USER_INPUT', 'events is empty: a webhook without any is never called');
      const unknown = events.find((name) => !kinds.some((kind) => kind.name === name));
      if (unknown !== undefined) throw new AppError('BAD_USER_INPUT', `event "${unknown.slice(0, 60)}" is not known`);
      const secret = mintSecret();
      const webhook = { owner, url: target.value.href, secret, events: [...new Set(events)], symbols, intervals };
      const id = await register.create(webhook, MOST_WEBHOOKS);
      if (id === undefined) throw new AppError('QUOTA_EXCEEDED', `there are ${MOST_WEBHOOKS} webhooks already: delete one`);
      return { id, secret };
    },
    async remove(owners, id) {
      const isGone = ID.test(id) && (await register.remove(id, owners));
      if (!isGone) throw new AppError('NOT_FOUND', `webhook "${id.slice(0, 60)}" is not there`);
    },
    async redeliver(owners, deliveryId) {
      const isQueued = ID.test(deliveryId) && (await register.redeliver(deliveryId, owners));
      if (!isQueued) throw new AppError('NOT_FOUND', `delivery "${deliveryId.slice(0, 60)}" is not there`);
    },
  };
}
