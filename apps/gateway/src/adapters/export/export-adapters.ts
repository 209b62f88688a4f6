import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AppError, intervalMs } from '@candlecast/domain';
import type { Services } from '../../context.ts';
import { type Adapter, type AdapterCall, toGraphqlErrorBody } from '../adapter.ts';
import { createTally, FILE_GAPS, HEADER_GAPS, loadCertificate } from './export-certificate.ts';
import { type ExportRequest, loadExportRequest } from './export-request.ts';
import { readPages } from './read-pages.ts';
import { CSV_PAGE_ROWS, PARQUET_PAGE_ROWS, writeCsv, writeParquet } from './write-file.ts';

/** Files that may be written at a time, over all clients of the process. */
const MOST_AT_A_TIME = 4;
/** Rows of a file cost a tenth of what they cost in GraphQL: they are neither checked one by one nor picked from. */
const ROWS_A_POINT = 1_000;
const CERTIFICATE = 'x-candlecast-certificate';

/** A format of exported files. */
interface Format {
  readonly extension: 'csv' | 'parquet';
  /** What `compression` may say; the first when it is absent. */
  readonly compressions: readonly string[];
  readonly pageRows: number;
}

const FORMATS: readonly Format[] = [
  { extension: 'csv', compressions: ['none', 'gzip'], pageRows: CSV_PAGE_ROWS },
  { extension: 'parquet', compressions: ['snappy', 'none'], pageRows: PARQUET_PAGE_ROWS },
];

/**
 * Returns `/export/candles.csv` and `/export/candles.parquet`: the closed candles of any range as a file that is written while it is read,
 * with the certificate of the range. A reader that is slow holds up the reading, one that leaves ends it.
 */
export function createExportAdapters(services: Services): Adapter[] {
  let running = 0;
  return FORMATS.map((format) => ({
    path: `/export/candles.${format.extension}`,
    toErrorBody: toGraphqlErrorBody,
    async answer(call) {
      const compression = loadCompression(format, call.parameters);
      const request = await loadExportRequest(services, call.parameters);
      if (running >= MOST_AT_A_TIME)
        throw new AppError('RATE_LIMITED', `${running} exports are running, at most ${MOST_AT_A_TIME} may at a time`, { retryable: true });
      running += 1;
      try {
        await call.pay(Math.ceil((request.range.to - request.range.from) / intervalMs(request.interval) / ROWS_A_POINT));
        await send(services, format, compression, request, call);
      } finally {
        running -= 1;
      }
    },
  }));
}

async function send(services: Services, format: Format, compression: string, request: ExportRequest, call: AdapterCall): Promise<void> {
  const { candles } = services;
  const { response, signal } = call;
  const { instrument, interval, range } = request;
  const recorded = await candles.findGaps(instrument.id, range);
  const atStart = await loadCertificate(candles, request, recorded, intervalMs(interval));
  const isGzip = compression === 'gzip';
  const name = `${instrument.id.replace(':', '-')}-${interval}.${format.extension}${isGzip ? '.gz' : ''}`;
  response.setHeader('content-type', isGzip ? 'application/gzip' : TYPES[format.extension]);
  response.setHeader('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
  response.setHeader(CERTIFICATE, JSON.stringify(atStart));
  if (call.request.method === 'HEAD') return void response.end();

  const pages = readPages(candles, request, format.pageRows, signal);
  if (format.extension === 'parquet') {
    const metadata = { 'candlecast.symbol': instrument.id, 'candlecast.interval': interval };
    const codec = compression === 'none' ? 'UNCOMPRESSED' : 'SNAPPY';
    const bytes = writeParquet(pages, createTally(request, recorded, FILE_GAPS), codec, metadata);
    return pipeline(Readable.from(bytes, { highWaterMark: 1 }), response, { signal });
  }
  response.setHeader('trailer', CERTIFICATE);
  const text = writeCsv(pages, createTally(request, recorded, HEADER_GAPS), (atEnd) =>
    response.addTrailers({ [CERTIFICATE]: JSON.stringify(atEnd) }),
  );
  const source = Readable.from(text, { highWaterMark: 1 });
  return isGzip ? pipeline(source, createGzip(), response, { signal }) : pipeline(source, response, { signal });
}

const TYPES = { csv: 'text/csv; charset=utf-8; header=present', parquet: 'application/vnd.apache.parquet' } as const;

function loadCompression({ extension, compressions }: Format, parameters: URLSearchParams): string {
  const [usual = 'none'] = compressions;
  const wanted = parameters.get('compression') ?? usual;
  if (!compressions.includes(wanted))
    throw new AppError('BAD_USER_INPUT', `compression "${wanted.slice(0, 20)}" of ${extension} is not one of ${compressions.join(', ')}`);
  return wanted;
}
