import { type AlertStreamEvent, type AlertStreamOptions, streamAlerts } from './alert-stream.ts';
import type { Bars, Forecast, Instrument } from './api-shapes.ts';
import { type CandlePage, type CandlePagesOptions, readCandlePages } from './candle-pages.ts';
import { type CandleStreamEvent, type CandleStreamOptions, streamCandles } from './candle-stream.ts';
import { type ConnectionStatus, createConnection } from './connection.ts';
import { type CandleFile, type ExportOptions, exportCandles } from './export-candles.ts';
import { type ForecastStreamEvent, type ForecastStreamOptions, streamForecasts } from './forecast-stream.ts';
import { type InstrumentsOptions, listInstruments } from './list-instruments.ts';
import { openStream } from './open-stream.ts';
import { postQuery } from './post-query.ts';
import { BARS_QUERY, INSTRUMENT_QUERY, LATEST_FORECASTS_QUERY } from './query-documents.ts';
import type { SubscriptionRequest } from './subscribe-resuming.ts';
import { type ResultSource, toSubscriptionSource } from './subscription-source.ts';
import { toBars } from './to-bars.ts';
import { type TypedDocument, toRequestText } from './typed-document.ts';

/** Where the gateway is and how to reach it. */
export interface ClientOptions {
  /** Address of the GraphQL endpoint, such as `http://localhost:4000/graphql`. */
  readonly url: string;
  /** Address for subscriptions; `url` with ws: for http: when absent. */
  readonly wsUrl?: string;
  readonly fetch?: typeof globalThis.fetch;
  /** A WebSocket class, where the platform has none (Node before 22: the one of the package ws). */
  readonly webSocketImpl?: unknown;
  /** An API key, `cc_live_…`; without one the public quota holds. */
  readonly apiKey?: string;
  /** Headers of every request; over the socket they travel as connection parameters. A function is asked again for every connection. */
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
  /**
   * More connection parameters, such as a token that lasts for minutes: fetched anew for every socket, also after the gateway has refused those of
   * the one before (three times in a row at most). When it rejects the socket is tried again later.
   */
  readonly socketParams?: () => Promise<Readonly<Record<string, string>>>;
}

/** Which bars: those that open in [from, to), or the newest `countback` of them before `to`. Times in unix seconds. */
export interface BarsOptions {
  /** "VENUE:SYMBOL", or a bare symbol of the running venue. */
  readonly symbol: string;
  readonly interval: string;
  readonly from?: number;
  readonly to: number;
  readonly countback?: number;
  readonly signal?: AbortSignal;
}

/** Which forecasts. */
export interface LatestForecastsOptions {
  readonly symbols: readonly string[];
  /** Every horizon when absent. */
  readonly horizons?: readonly string[];
  readonly signal?: AbortSignal;
}

/** A client of one gateway. All its subscriptions share one socket, opened with the first. */
export interface CandlecastClient {
  /** Runs a query. Throws a CandlecastError. */
  query<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: { readonly signal?: AbortSignal },
  ): Promise<Result>;
  /** Runs any subscription as an async iterable of its data; one that takes `$after` resumes by itself. */
  subscribe<Result, Variables>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options?: { readonly signal?: AbortSignal },
  ): AsyncGenerator<Result, void, undefined>;
  readonly candles: {
    /** Streams candles, for ever: resumes by itself and says what was recovered. */
    stream(options: CandleStreamOptions): AsyncGenerator<CandleStreamEvent, void, undefined>;
    /** Reads a range of exact candles page by page, oldest first, each page with its certificate. */
    pages(options: CandlePagesOptions): AsyncGenerator<CandlePage, void, undefined>;
    /** Fetches a range as a file that comes while it is written. */
    export(options: ExportOptions): Promise<CandleFile>;
  };
  /** Reads bars in columns, for charts. `cursor` is where to subscribe from without a hole. */
  bars(options: BarsOptions): Promise<Bars>;
  readonly instruments: {
    /** Lists the tracked pairs of the running venue, page by page behind the scenes. */
    list(options?: InstrumentsOptions): AsyncGenerator<Instrument, void, undefined>;
    /** Finds one; null when it is not tracked. */
    find(symbol: string, signal?: AbortSignal): Promise<Instrument | null>;
  };
  readonly forecasts: {
    /** Streams forecasts as they are issued, for ever. */
    stream(options: ForecastStreamOptions): AsyncGenerator<ForecastStreamEvent, void, undefined>;
    /** Reads the newest forecast of each symbol and horizon. */
    latest(options: LatestForecastsOptions): Promise<readonly Forecast[]>;
  };
  readonly alerts: {
    /** Streams what the caller's alerts fire, for ever. Needs a key with the scope NOTIFY. */
    stream(options?: AlertStreamOptions): AsyncGenerator<AlertStreamEvent, void, undefined>;
  };
  /** The source of a subscription for another GraphQL client, such as urql's `subscriptionExchange`. */
  subscriptionSource(request: SubscriptionRequest): ResultSource;
  /** Calls `listener` with the state of the socket, now and after each change, until the returned function is called. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  /** Closes the socket. Streams that still run open it again. */
  close(): Promise<void>;
}

/** Returns a client. It opens nothing before it is asked for something. */
export function createClient(options: ClientOptions): CandlecastClient {
  const { headers = {}, apiKey, socketParams } = options;
  const ownHeaders = typeof headers === 'function' ? headers : () => headers;
  const readHeaders = () => ({ ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }), ...ownHeaders() });
  const http = { url: options.url, fetch: options.fetch ?? globalThis.fetch.bind(globalThis), headers: readHeaders };
  const connection = createConnection({
    wsUrl: options.wsUrl ?? options.url.replace(/^http/, 'ws'),
    webSocketImpl: options.webSocketImpl,
    connectionParams: socketParams ? async () => ({ ...readHeaders(), ...(await socketParams()) }) : readHeaders,
    canRenew: socketParams !== undefined,
    random: Math.random,
  });
  const query = <Result, Variables>(document: TypedDocument<Result, Variables>, variables: Variables, signal?: AbortSignal) =>
    postQuery(http, document, variables, signal);
  return {
    query: (document, variables, { signal } = {}) => query(document, variables, signal),
    subscribe: <Result, Variables>(
      document: TypedDocument<Result, Variables>,
      variables: Variables,
      { signal }: { readonly signal?: AbortSignal } = {},
    ) =>
      openStream<Result>(
        connection,
        { ...toRequestText(document), variables: variables as Readonly<Record<string, unknown>> },
        { toEvent: (data) => data as Result }, // the gateway validated the document that gave the type
        signal,
      ),
    candles: {
      stream: (stream) => streamCandles(connection, stream),
      pages: (pages) => readCandlePages(query, pages),
      export: (file) => exportCandles(http, file),
    },
    bars: async ({ signal, ...range }) => toBars((await query(BARS_QUERY, range, signal)).bars),
    instruments: {
      list: (list) => listInstruments(query, list),
      find: async (symbol, signal) => (await query(INSTRUMENT_QUERY, { symbol }, signal)).instrument,
    },
    forecasts: {
      stream: (stream) => streamForecasts(connection, stream),
      latest: async ({ symbols, horizons, signal }) =>
        (await query(LATEST_FORECASTS_QUERY, { symbols: [...symbols], horizons: horizons ? [...horizons] : null }, signal)).latestForecasts,
    },
    alerts: { stream: (stream = {}) => streamAlerts(connection, stream) },
    subscriptionSource: (request) => toSubscriptionSource(connection, request),
    onStatus: connection.onStatus,
    close: connection.close,
  };
}
