export type { CandleStreamEvent, CandleStreamOptions } from './candle-stream.ts';
export type { ConnectionStatus } from './connection.ts';
export { type CandlecastClient, type ClientOptions, createClient } from './create-client.ts';
export type { Candle, Forecast, Gap } from './documents.ts';
export { CandlecastError, type GraphqlErrorShape } from './errors.ts';
export type { ForecastStreamEvent, ForecastStreamOptions } from './forecast-stream.ts';
export type { StreamNotice, SubscriptionRequest } from './subscribe-resuming.ts';
export type { ResultObserver, ResultSource } from './subscription-source.ts';
export type { TypedDocument } from './typed-document.ts';
