import { CSV_HEADER, toCsv } from './csv.ts';
import type { CertificateTally, ExportCertificate } from './export-certificate.ts';
import { createParquetFile, type ParquetCodec } from './parquet.ts';
import type { ExportPage } from './read-pages.ts';

/** Candles of one page, so of one piece of a file. Of Parquet fewer: a row group is encoded at one go, which takes some 20 ms. */
export const CSV_PAGE_ROWS = 5_000;
export const PARQUET_PAGE_ROWS = 2_500;

/** Yields a CSV file piece by piece; `onEnd` gets the certificate of what was written before the last one is taken. */
export async function* writeCsv(
  pages: AsyncIterable<ExportPage>,
  tally: CertificateTally,
  onEnd: (certificate: ExportCertificate) => void,
): AsyncGenerator<string, void, undefined> {
  yield CSV_HEADER;
  for await (const { candles, span } of pages) {
    tally.add(span, candles);
    if (candles.length > 0) yield toCsv(candles);
  }
  onEnd(tally.certificate());
}

/** Yields a Parquet file piece by piece, a row group a page; its metadata holds the certificate under `candlecast.certificate`. */
export async function* writeParquet(
  pages: AsyncIterable<ExportPage>,
  tally: CertificateTally,
  codec: ParquetCodec,
  metadata: Readonly<Record<string, string>>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const file = createParquetFile(codec);
  for await (const { candles, span } of pages) {
    tally.add(span, candles);
    const bytes = file.write(candles);
    if (bytes.length > 0) yield bytes;
  }
  yield file.finish({ ...metadata, 'candlecast.certificate': JSON.stringify(tally.certificate()) });
}
