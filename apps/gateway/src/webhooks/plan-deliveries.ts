import { type LatestUpdate, type LogEvent, type NewWebhookDelivery, toIso, toStreamCursor, type Webhook } from '@candlecast/domain';
import type { DeskSelection } from '../desk/read-on.ts';
import type { EventKind, LatestEventKind, LogEventKind } from './event-kind.ts';

/** What of the log the webhooks want together; undefined when none of them wants any of it. */
export function selectLog(kinds: readonly EventKind[], webhooks: readonly Webhook[]): DeskSelection | undefined {
  const wanted = kinds
    .filter(isFromLog)
    .flatMap((kind) =>
      webhooks.filter(({ events }) => events.includes(kind.name)).map((webhook) => ({ kind, keys: kind.keysOf(webhook) })),
    );
  if (wanted.length === 0) return undefined;
  const keys = wanted.some((one) => one.keys === undefined) ? undefined : [...new Set(wanted.flatMap((one) => one.keys ?? []))];
  return { topics: [...new Set(wanted.map(({ kind }) => kind.topic))], keys };
}

/** Returns one delivery for each webhook that wants this entry of the log and was there before it. */
export function planLogEvent(
  kinds: readonly EventKind[],
  webhooks: readonly Webhook[],
  event: LogEvent,
  newId: () => string,
): NewWebhookDelivery[] {
  return kinds.filter(isFromLog).flatMap((kind) => {
    if (kind.topic !== event.topic) return [];
    return webhooks
      .filter(({ createdAfter }) => createdAfter.epoch !== event.epoch || event.seq > createdAfter.seq)
      .filter((webhook) => webhook.events.includes(kind.name) && kind.isFor(webhook, event))
      .map((webhook) =>
        toDelivery(webhook, kind, {
          id: newId(),
          source: `${kind.name} ${event.epoch}.${event.seq}`,
          timestamp: toIso(event.at),
          cursor: toStreamCursor(event),
          data: kind.toData(event),
        }),
      );
  });
}

/** Returns one delivery for each webhook that wants this newest value. */
export function planLatest(
  kind: LatestEventKind,
  webhooks: readonly Webhook[],
  { key, value }: Pick<LatestUpdate, 'key' | 'value'>,
  newId: () => string,
): NewWebhookDelivery[] {
  const timestamp = toIso(kind.toTime(value));
  return webhooks
    .filter((webhook) => webhook.events.includes(kind.name) && kind.isFor(webhook, key))
    .map((webhook) =>
      toDelivery(webhook, kind, {
        id: newId(),
        source: `${kind.name} ${key} ${kind.toState(value)} ${timestamp}`,
        timestamp,
        cursor: null,
        data: kind.toData(value),
      }),
    );
}

/** The envelope of the Standard Webhooks specification (type, timestamp, data), with the id and the stream cursor. */
function toDelivery(
  webhook: Webhook,
  kind: EventKind,
  { id, source, timestamp, cursor, data }: { id: string; source: string; timestamp: string; cursor: string | null; data: object },
): NewWebhookDelivery {
  const body = JSON.stringify({ id, type: kind.name, timestamp, cursor, data });
  return { id, webhookId: webhook.id, source, event: kind.name, body };
}

function isFromLog(kind: EventKind): kind is LogEventKind {
  return kind.from === 'log';
}
