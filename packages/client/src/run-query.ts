import type { TypedDocument } from './typed-document.ts';

/** Runs a query and returns its data; throws a CandlecastError. */
export type RunQuery = <Result, Variables>(
  document: TypedDocument<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
) => Promise<Result>;
