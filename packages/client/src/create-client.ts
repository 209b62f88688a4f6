import { type CandleStreamEvent, type CandleStreamOptions, streamCandles } from './candle-stream.ts';
import { type ConnectionStatus, createConnection } from './connection.ts';
import { type ForecastStreamEvent, type ForecastStreamOptions, streamForecasts } from './forecast-stream.ts';
import { openStream } from './open-stream.ts';
import { postQuery } from './post-query.ts';
import type { SubscriptionRequest } from './subscribe-resuming.ts';
import { type ResultSource, toSubscriptionSource } from './subscription-source.ts';
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
  /** Headers of every request; over the socket they travel as connection parameters. */
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
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
  readonly candles: { stream(options: CandleStreamOptions): AsyncGenerator<CandleStreamEvent, void, undefined> };
  readonly forecasts: { stream(options: ForecastStreamOptions): AsyncGenerator<ForecastStreamEvent, void, undefined> };
  /** The source of a subscription for another GraphQL client, such as urql's `subscriptionExchange`. */
  subscriptionSource(request: SubscriptionRequest): ResultSource;
  /** Calls `listener` with the state of the socket, now and after each change, until the returned function is called. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  /** Closes the socket. Streams that still run open it again. */
  close(): Promise<void>;
}

/** Returns a client. It opens nothing before it is asked for something. */
export function createClient(options: ClientOptions): CandlecastClient {
  const { headers = {} } = options;
  const readHeaders = typeof headers === 'function' ? headers : () => headers;
  const http = { url: options.url, fetch: options.fetch ?? globalThis.fetch.bind(globalThis), headers: readHeaders };
  const connection = createConnection({
    wsUrl: options.wsUrl ?? options.url.replace(/^http/, 'ws'),
    webSocketImpl: options.webSocketImpl,
    connectionParams: readHeaders,
    random: Math.random,
  });
  return {
    query: (document, variables, { signal } = {}) => postQuery(http, document, variables, signal),
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
    candles: { stream: (stream) => streamCandles(connection, stream) },
    forecasts: { stream: (stream) => streamForecasts(connection, stream) },
    subscriptionSource: (request) => toSubscriptionSource(connection, request),
    onStatus: connection.onStatus,
    close: connection.close,
  };
}
