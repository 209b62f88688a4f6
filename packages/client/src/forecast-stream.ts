import type { Forecast, Gap, LedgerHead } from './api-shapes.ts';
import type { Connection } from './connection.ts';
import { FORECASTS_SUBSCRIPTION, type ForecastEvent } from './documents.ts';
import { openStream } from './open-stream.ts';
import type { StreamNotice } from './subscribe-resuming.ts';
import { toRequestText } from './typed-document.ts';

/** Which forecasts to stream. */
export interface ForecastStreamOptions {
  /** 1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue. */
  readonly symbols: readonly string[];
  /** Every horizon when absent. */
  readonly horizons?: readonly string[];
  /** Cursor to go on after. */
  readonly after?: string;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

/** What a forecast stream yields, by `kind`. */
export type ForecastStreamEvent =
  | { readonly kind: 'issued'; readonly forecast: Forecast; readonly head: LedgerHead | null; readonly cursor: string }
  | { readonly kind: 'resolved'; readonly forecast: Forecast; readonly cursor: string }
  | (Gap & { readonly kind: 'gap' })
  | { readonly kind: 'heartbeat'; readonly at: string; readonly cursor: string }
  | StreamNotice;

/** Streams forecasts as they are issued and as they are resolved, for ever: resumes by itself and says what was recovered. */
export function streamForecasts(
  connection: Connection,
  options: ForecastStreamOptions,
): AsyncGenerator<ForecastStreamEvent, void, undefined> {
  const { signal, ...variables } = options;
  return openStream<ForecastStreamEvent>(
    connection,
    { ...toRequestText(FORECASTS_SUBSCRIPTION), variables },
    {
      toEvent: (data) => toStreamEvent((data as { readonly forecasts: ForecastEvent }).forecasts),
      toNotice: (notice) => notice,
    },
    signal,
  );
}

function toStreamEvent({ __typename, ...event }: ForecastEvent): ForecastStreamEvent {
  return { kind: KINDS[__typename], ...event } as ForecastStreamEvent; // the kind stands for the type name, one for one
}

const KINDS = {
  ForecastIssued: 'issued',
  ForecastResolved: 'resolved',
  StreamGap: 'gap',
  StreamHeartbeat: 'heartbeat',
  StreamReset: 'reset',
} as const satisfies Record<ForecastEvent['__typename'], ForecastStreamEvent['kind']>;
