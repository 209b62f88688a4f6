import { alertKey, type LogEvent, toStreamCursor, type Venue } from '@candlecast/domain';
import { toHeartbeatClock } from './candle-stream.ts';
import { loadResumePosition } from './read-log-after.ts';
import { streamDurable } from './stream-durable.ts';
import type { AlertEvent } from './stream-events.ts';
import type { StreamReader, StreamSources } from './streams.ts';
import { toSubscription } from './to-subscription.ts';

/** Whose alerts a subscription wants. */
export interface AlertStreamRequest {
  /** At least one. */
  readonly owners: readonly string[];
  /** Stream cursor to go on after. */
  readonly after: string | undefined;
  /** Whose time heartbeats tell. */
  readonly venue: Venue;
}

/** Opens a subscription to the firings of some owners; rejects with a `CURSOR_…` error when it cannot go on after the cursor. */
export async function openAlertStream(
  sources: StreamSources,
  { owners, venue, ...request }: AlertStreamRequest,
  reader: StreamReader,
): Promise<AsyncGenerator<AlertEvent>> {
  const isResumed = reader.outlet?.resumed !== undefined;
  const after = request.after === undefined || isResumed ? undefined : await loadResumePosition(sources.log, request.after);
  return toSubscription(reader.signal, (signal) =>
    streamDurable<AlertEvent>(
      sources,
      {
        // A topic is an owner's: nobody shares it who may not see it.
        topics: owners.map((owner) => ({ name: owner, logKeys: [alertKey(owner)] })),
        logTopics: ['alert.fired'],
        personalArgs: ['after'],
        throttleMs: 0,
        after,
        toEvent: toAlertEvent,
        clock: toHeartbeatClock(sources.venues, venue),
        outlet: reader.outlet,
        cut: (cursor) => reader.cutSlowReader(cursor),
      },
      signal,
    ),
  );
}

function toAlertEvent(event: LogEvent): AlertEvent | undefined {
  if (event.topic !== 'alert.fired') return undefined;
  return { __typename: 'AlertFiringEvent', firing: event.payload, cursor: toStreamCursor(event) };
}
