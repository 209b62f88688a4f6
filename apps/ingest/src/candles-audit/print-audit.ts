import { type AuditWindow, type InstrumentId, MINUTE_MS, toIso } from '@candlecast/domain';
import type { FileAudit } from './audit-file.ts';

/** Gaps and off-grid rows that are written out one by one; the rest is counted. */
const MOST_LINES = 50;

/** Returns what the audit of a file found, as lines for people. */
export function fileAuditLines(path: string, audit: FileAudit): string[] {
  const { span, rows, gaps, missing, offGrid, duplicates, disorder, zeroVolume } = audit;
  const range = span ? `${toIso(span.from)} to ${toIso(span.to)}` : 'no candle';
  return [
    `${path}: ${audit.symbol} ${audit.interval}, ${rows} rows, ${range}`,
    `  missing candles ${missing}, duplicates ${duplicates}, out of order ${disorder}, without a trade ${zeroVolume}`,
    ...some(gaps, ({ range: { from, to }, reason }) => `  gap ${toIso(from)} to ${toIso(to)} ${reason}`),
    ...(offGrid.length > 0 ? [`  rows off the grid ${offGrid.length}`] : []),
    ...some(offGrid, (time) => `  off the grid ${toIso(time)}`),
    ...counts('  refused rows', audit.refusals),
    ...counts('  rows without', audit.lacking),
  ];
}

/** Returns what the audit of a window of a stored series found, in a line. */
export function windowLine(id: InstrumentId, window: AuditWindow): string {
  const { from, to, expected, present, excused, missing, offGrid } = window;
  const verdict = missing > 0 ? `MISSING ${missing}` : 'complete';
  const minutes = (to - from) / MINUTE_MS;
  return `${id} ${toIso(from)} to ${toIso(to)} (${minutes} min): ${verdict}; expected ${expected}, present ${present}, in recorded gaps ${excused}, off the grid ${offGrid}`;
}

function some<T>(items: readonly T[], toLine: (item: T) => string): string[] {
  const lines = items.slice(0, MOST_LINES).map(toLine);
  return items.length > MOST_LINES ? [...lines, `  … and ${items.length - MOST_LINES} more`] : lines;
}

function counts(label: string, of: Readonly<Record<string, number>>): string[] {
  const parts = Object.entries(of).map(([name, count]) => `${name} ${count}`);
  return parts.length > 0 ? [`${label}: ${parts.join(', ')}`] : [];
}
