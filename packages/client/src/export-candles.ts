import { CandlecastError, type GraphqlErrorShape, toCandlecastError } from './errors.ts';
import type { QueryOptions } from './post-query.ts';

/** Which candles to fetch as a file. */
export interface ExportOptions {
  readonly format: 'csv' | 'parquet';
  /** "VENUE:SYMBOL", or a bare symbol of the running venue. */
  readonly symbol: string;
  readonly interval: string;
  /** First open time, inclusive, in ISO-8601; the oldest stored candle when absent. */
  readonly from?: string;
  /** End, exclusive, in ISO-8601; the newest closed candle when absent. */
  readonly to?: string;
  /** CSV: none (the default) or gzip. Parquet: snappy (the default) or none. */
  readonly compression?: 'none' | 'gzip' | 'snappy';
  readonly signal?: AbortSignal;
}

/** What a file can prove of its range. */
export interface ExportCertificate {
  readonly from: string;
  readonly to: string;
  readonly expected: number;
  readonly present: number;
  readonly missing: number;
  readonly coverage: string;
  /** How many holes are known; the first are listed. */
  readonly gapCount: number;
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

/** A file that is being sent. Read it to its end, or abort the signal. */
export interface CandleFile {
  readonly body: ReadableStream<Uint8Array>;
  /** What the range held when the file was begun. */
  readonly certificate: ExportCertificate;
}

/** Fetches a range of candles as a file. Throws a CandlecastError before the first byte; a file that breaks off fails while it is read. */
export async function exportCandles({ url, fetch, headers }: QueryOptions, options: ExportOptions): Promise<CandleFile> {
  const { format, signal, ...range } = options;
  const address = new URL(`/export/candles.${format}`, url);
  for (const [name, value] of Object.entries(range)) if (value !== undefined) address.searchParams.set(name, value);
  const response = await fetch(address, { headers: { ...headers() }, signal: signal ?? null }).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw new CandlecastError('NETWORK_ERROR', `no answer from ${address}`, { retryable: true, cause });
  });
  if (!response.ok) throw toCandlecastError(await readErrors(response));
  const certificate = response.headers.get('x-candlecast-certificate');
  if (!response.body || certificate === null) throw new CandlecastError('NETWORK_ERROR', `${address} sent no file`);
  return { body: response.body, certificate: JSON.parse(certificate) as ExportCertificate };
}

async function readErrors(response: Response): Promise<readonly GraphqlErrorShape[]> {
  const text = await response.text();
  try {
    return (JSON.parse(text) as { errors?: readonly GraphqlErrorShape[] }).errors ?? [];
  } catch {
    return [{ message: `status ${response.status}: ${text.slice(0, 200)}` }]; // something other than the gateway answered
  }
}
