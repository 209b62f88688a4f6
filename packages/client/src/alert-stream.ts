import type { AlertFiring } from './api-shapes.ts';
import type { Connection } from './connection.ts';
import { ALERTS_SUBSCRIPTION, type AlertEvent } from './documents.ts';
import { openStream } from './open-stream.ts';
import type { StreamNotice } from './subscribe-resuming.ts';
import { toRequestText } from './typed-document.ts';

/** From where to stream the firings of the caller's alerts. */
export interface AlertStreamOptions {
  /** Cursor to go on after. */
  readonly after?: string;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

/** What a stream of alerts yields, by `kind`. */
export type AlertStreamEvent =
  | (AlertFiring & { readonly kind: 'fired'; readonly cursor: string })
  | { readonly kind: 'heartbeat'; readonly at: string; readonly cursor: string }
  | StreamNotice;

/** Streams what the caller's alerts fire, for ever: resumes by itself and says what was recovered. */
export function streamAlerts(connection: Connection, options: AlertStreamOptions): AsyncGenerator<AlertStreamEvent, void, undefined> {
  const { signal, ...variables } = options;
  return openStream<AlertStreamEvent>(
    connection,
    { ...toRequestText(ALERTS_SUBSCRIPTION), variables },
    {
      toEvent: (data) => toStreamEvent((data as { readonly alertFired: AlertEvent }).alertFired),
      toNotice: (notice) => notice,
    },
    signal,
  );
}

function toStreamEvent(event: AlertEvent): AlertStreamEvent {
  if (event.__typename === 'AlertFiringEvent') {
    const { symbol, kind: alertKind, note, firing, cursor } = event;
    return { kind: 'fired', symbol, alertKind, note, ...firing, cursor };
  }
  const { __typename, ...rest } = event;
  return { kind: __typename === 'StreamHeartbeat' ? 'heartbeat' : 'reset', ...rest } as AlertStreamEvent; // the kind stands for the type name
}
