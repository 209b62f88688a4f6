import { type Candle, type Decimal, divideDecimals, type Gap, splitRange, type TimeRange, toDecimal, toIso } from '@candlecast/domain';
import { type Certificate, certify } from '../../market/certify.ts';
import { type ExportReader, type ExportRequest, storedPart } from './export-request.ts';

type CertifiedGap = Certificate['gaps'][number];

/** What a file can prove of its range: the certificate of a page, over all of its pages. */
export interface ExportCertificate {
  readonly from: string;
  /** End, exclusive. */
  readonly to: string;
  readonly expected: number;
  readonly present: number;
  readonly missing: number;
  readonly coverage: Decimal;
  /** How many holes of 1m candles are known; more than are listed when there are many. */
  readonly gapCount: number;
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: string }[];
}

/** Counts what is written, page by page, in bounded memory. */
export interface CertificateTally {
  /** Adds a page: its candles and the range that it speaks for, the next after the previous page's. */
  add(span: TimeRange, candles: readonly Candle[]): void;
  /** Returns the certificate of what has been added. */
  certificate(): ExportCertificate;
}

/** Gaps listed in an HTTP header, which must stay small, and in the metadata of a file. */
export const HEADER_GAPS = 20;
export const FILE_GAPS = 1_000;

/** Candles counted by one statement, so that none runs long. */
const COUNT_WINDOW = 500_000;

/** Returns a tally of a request's range that lists at most `mostGaps` gaps and counts the others. */
export function createTally(request: ExportRequest, recorded: readonly Gap[], mostGaps: number): CertificateTally {
  const { instrument, interval, now } = request;
  const gaps: CertifiedGap[] = [];
  let newest: CertifiedGap | undefined;
  let gapCount = 0;
  let expected = 0;
  let present = 0;

  function addGap(gap: CertifiedGap): void {
    if (newest && newest.to === gap.from && newest.reason === gap.reason) {
      // One gap that lies across the border of two pages.
      newest = { ...newest, to: gap.to };
      if (gapCount <= mostGaps) gaps[gapCount - 1] = newest;
      return;
    }
    newest = gap;
    gapCount += 1;
    if (gapCount <= mostGaps) gaps.push(gap);
  }

  return {
    add(span, candles) {
      const page = certify({ candles, span, interval, recorded, watermark: instrument.watermark, now });
      expected += page.expected;
      present += page.present;
      for (const gap of page.gaps) addGap(gap);
    },
    certificate: () => toCertificate(request.range, { expected, present, gapCount, gaps }),
  };
}

/** Counts what is stored of the range before the file is written, for the header of the answer. */
export async function loadCertificate(
  reader: ExportReader,
  request: ExportRequest,
  recorded: readonly Gap[],
  stepMs: number,
): Promise<ExportCertificate> {
  const { instrument, interval, range } = request;
  const stored = storedPart(request);
  let present = 0;
  for (const window of stored ? splitRange(stored, stepMs, COUNT_WINDOW) : []) {
    present += await reader.countCandles(instrument.id, interval, window);
  }
  const open = recorded.filter(({ resolvedAt }) => resolvedAt === null);
  const gaps = open.slice(0, HEADER_GAPS).map((gap) => ({
    from: gap.from > range.from ? gap.from : range.from,
    to: gap.to < range.to ? gap.to : range.to,
    reason: gap.reason,
  }));
  return toCertificate(range, { expected: Math.round((range.to - range.from) / stepMs), present, gapCount: open.length, gaps });
}

function toCertificate(
  range: TimeRange,
  counts: { readonly expected: number; readonly present: number; readonly gapCount: number; readonly gaps: readonly CertifiedGap[] },
): ExportCertificate {
  const { expected, present, gapCount, gaps } = counts;
  return {
    from: toIso(range.from),
    to: toIso(range.to),
    expected,
    present,
    missing: expected - present,
    coverage: expected === 0 ? toDecimal('1.000000') : divideDecimals(toDecimal(`${present}`), toDecimal(`${expected}`), 6),
    gapCount,
    gaps: gaps.map(({ from, to, reason }) => ({ from: toIso(from), to: toIso(to), reason })),
  };
}
