import type { Candle, Gap } from './api-shapes.ts';
import type { Connection } from './connection.ts';
import { CANDLES_SUBSCRIPTION, type CandleEvent } from './documents.ts';
import { openStream } from './open-stream.ts';
import type { StreamNotice } from './subscribe-resuming.ts';
import { toRequestText } from './typed-document.ts';

/** Which candles to stream. */
export interface CandleStreamOptions {
  /** 1 to 50 of "VENUE:SYMBOL", or bare symbols of the running venue. */
  readonly symbols: readonly string[];
  readonly interval: string;
  /** How many candles of each symbol to send first. */
  readonly snapshot?: number;
  /** Cursor to go on after, instead of a snapshot. */
  readonly after?: string;
  /** Least milliseconds between two updates of an open candle. */
  readonly throttleMs?: number;
  /** Leaves out candles that are still open. */
  readonly closedOnly?: boolean;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

interface OfSeries {
  readonly symbol: string;
  readonly interval: string;
}

/** What a candle stream yields, by `kind`. */
export type CandleStreamEvent =
  | (OfSeries & { readonly kind: 'snapshot'; readonly candles: readonly Candle[]; readonly cursor: string })
  /** An open candle has changed: the newest state only. */
  | (OfSeries & { readonly kind: 'update'; readonly candle: Candle })
  | (OfSeries & { readonly kind: 'closed'; readonly candle: Candle; readonly cursor: string })
  | (OfSeries & { readonly kind: 'correction'; readonly candle: Candle; readonly cursor: string })
  | (Gap & { readonly kind: 'gap' })
  | { readonly kind: 'heartbeat'; readonly at: string; readonly cursor: string }
  | StreamNotice;

/** Streams candles, for ever: resumes by itself and says what was recovered. */
export function streamCandles(connection: Connection, options: CandleStreamOptions): AsyncGenerator<CandleStreamEvent, void, undefined> {
  const { signal, ...variables } = options;
  return openStream<CandleStreamEvent>(
    connection,
    { ...toRequestText(CANDLES_SUBSCRIPTION), variables },
    {
      toEvent: (data) => toStreamEvent((data as { readonly candles: CandleEvent }).candles),
      toNotice: (notice) => notice,
      latestKey: (event) => (event.kind === 'update' ? event.symbol : undefined),
    },
    signal,
  );
}

function toStreamEvent({ __typename, ...event }: CandleEvent): CandleStreamEvent {
  return { kind: KINDS[__typename], ...event } as CandleStreamEvent; // the kind stands for the type name, one for one
}

const KINDS = {
  CandleSnapshot: 'snapshot',
  CandleUpdate: 'update',
  CandleClosed: 'closed',
  CandleCorrection: 'correction',
  StreamGap: 'gap',
  StreamHeartbeat: 'heartbeat',
  StreamReset: 'reset',
} as const satisfies Record<CandleEvent['__typename'], CandleStreamEvent['kind']>;
