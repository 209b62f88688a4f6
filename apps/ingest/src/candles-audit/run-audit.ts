import {
  ALL_TIME,
  type AuditWindow,
  addMs,
  type CandleReader,
  type CandleValues,
  type CandleWriter,
  type EpochMs,
  type Instrument,
  MINUTE_MS,
  type TimeRange,
} from '@candlecast/domain';
import { Auditor } from '../series/auditor.ts';
import { findMissing } from '../series/prepare.ts';
import type { IngestStore } from '../write/patient-store.ts';

export interface AuditOptions {
  readonly store: { readonly candles: CandleReader; readonly candleWriter: CandleWriter; readonly quality: IngestStore['quality'] };
  readonly now: () => EpochMs;
  /** One page of closed candles of a range from the exchange, oldest first; undefined to report without repairing. */
  readonly fetchPage: ((symbol: string, range: TimeRange) => Promise<readonly CandleValues[]>) | undefined;
  readonly onWindow: (instrument: Instrument, window: AuditWindow) => void;
}

/**
 * Audits the whole of a stored series (or `range` of it), window by window. What is missing is recorded as PENDING and, where there is an
 * exchange to ask, fetched; what stays empty waits for the second read, which the running ingest does.
 */
export async function runAudit(instrument: Instrument, range: Partial<TimeRange>, options: AuditOptions): Promise<void> {
  const { store, now, onWindow } = options;
  const wanted = await findWanted(instrument, range, store.candles);
  if (!wanted) return;
  const auditor = new Auditor({
    now,
    quality: store.quality,
    findInstruments: async () => [],
    findGaps: (id, part) => store.candles.findGaps(id, part),
    findMissing: (id, part) => findMissing(store, id, part),
    report: (_, hole) => repair(instrument, hole, options),
    retry: () => undefined,
  });
  await auditor.auditRange(instrument.id, wanted, (window) => onWindow(instrument, window));
}

/** From the oldest stored minute to the watermark, or to the newest stored minute of a series that was never live. */
async function findWanted(
  { id, firstOpenTime, watermark }: Instrument,
  range: Partial<TimeRange>,
  candles: CandleReader,
): Promise<TimeRange | undefined> {
  const query = { instrumentId: id, interval: '1m', range: ALL_TIME, limit: 1, take: 'newest' } as const;
  const newest = watermark ?? (await candles.findCandles(query))[0]?.openTime;
  if (firstOpenTime === null || newest === undefined) return undefined;
  const from = Math.max(firstOpenTime, range.from ?? firstOpenTime);
  const to = Math.min(addMs(newest, MINUTE_MS), range.to ?? Number.POSITIVE_INFINITY);
  return from < to ? { from: from as EpochMs, to: to as EpochMs } : undefined;
}

async function repair(instrument: Instrument, hole: TimeRange, { store, now, fetchPage }: AuditOptions): Promise<void> {
  await store.candleWriter.recordGap(instrument.id, hole, 'PENDING', now());
  for (let from = hole.from; fetchPage && from < hole.to; ) {
    const page = await fetchPage(instrument.symbol, { from, to: hole.to });
    const last = page.at(-1);
    if (!last) return;
    await commit(instrument, page, store.candleWriter, now());
    from = addMs(last.openTime, MINUTE_MS);
  }
}

async function commit({ id, liveSince }: Instrument, candles: readonly CandleValues[], writer: CandleWriter, at: EpochMs): Promise<void> {
  const seam = liveSince ?? Number.POSITIVE_INFINITY;
  const history = candles.filter(({ openTime }) => openTime < seam);
  const live = candles.filter(({ openTime }) => openTime >= seam);
  if (history.length > 0) await writer.commitHistory({ instrumentId: id, candles: history }, at);
  if (live.length > 0) await writer.commitClosed([{ instrumentId: id, candles: live }], at);
}
