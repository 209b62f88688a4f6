import { randomUUID } from 'node:crypto';
import { AppError, type EventLog, type LogPosition, type Webhook, type WebhookPlan, type WebhookQueue } from '@candlecast/domain';
import { findStretch, readOn } from '../desk/read-on.ts';
import type { LatestValues } from '../live/latest-values.ts';
import type { EventKind, LatestEventKind } from './event-kind.ts';
import { planLatest, planLogEvent, selectLog } from './plan-deliveries.ts';

/** What a pass reads from. */
export interface NewsSources {
  readonly kinds: readonly EventKind[];
  readonly log: Pick<EventLog, 'head' | 'oldest' | 'read'>;
  readonly latest: LatestValues;
  readonly queue: Pick<WebhookQueue, 'findTold' | 'findWebhooks'>;
}

/** One step through what is new. */
export interface News extends WebhookPlan {
  /** More is waiting in the log. */
  readonly hasMore: boolean;
  /** Events that were gone from the log before they could be read. */
  readonly missed: number;
}

/**
 * Reads what has happened after `after` and says what is to be delivered for it. At the very first time, and when the log was made anew, it is
 * read from its beginning: no webhook is told of what was before it. The webhooks are read after the head and nothing is read beyond it: one
 * that is made meanwhile has its beginning there, and would else miss what the pass has gone past.
 */
export async function readNews(sources: NewsSources, after: LogPosition | undefined): Promise<News> {
  const stretch = await findStretch(sources.log, after);
  const webhooks = await sources.queue.findWebhooks();
  const { events, to, hasMore } = await readOn(sources.log, stretch, selectLog(sources.kinds, webhooks));
  const latest = await readLatest(sources, webhooks);
  return {
    to,
    deliveries: [...events.flatMap((event) => planLogEvent(sources.kinds, webhooks, event, randomUUID)), ...latest.deliveries],
    told: latest.told,
    hasMore,
    missed: stretch.missed,
  };
}

/** What a newest value was when it was first seen is where the telling begins: it is noted, not told. */
async function readLatest(
  { kinds, latest, queue }: NewsSources,
  webhooks: readonly Webhook[],
): Promise<Pick<WebhookPlan, 'deliveries' | 'told'>> {
  const plans = await Promise.all(
    kinds
      .filter((kind): kind is LatestEventKind => kind.from === 'latest')
      .map(async (kind) => {
        const keys = latest.keys(kind.topic);
        const told = keys.length === 0 ? new Map<string, string>() : await queue.findTold(kind.topic);
        const changed = keys.flatMap((key) => {
          const value = latest.find(kind.topic, key as never);
          if (value === undefined) throw new AppError('latest_missing', `${kind.topic} names "${key}" without a value`);
          return told.get(key) === kind.toState(value) ? [] : [{ key, value }];
        });
        return {
          deliveries: changed.filter(({ key }) => told.has(key)).flatMap((update) => planLatest(kind, webhooks, update, randomUUID)),
          told: changed.map(({ key, value }) => ({ topic: kind.topic, key, value: kind.toState(value) })),
        };
      }),
  );
  return { deliveries: plans.flatMap(({ deliveries }) => deliveries), told: plans.flatMap(({ told }) => told) };
}
