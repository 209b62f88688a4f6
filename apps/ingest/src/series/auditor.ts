import {
  type AuditWindow,
  type AuditWriter,
  addMs,
  DAY_MS,
  type EpochMs,
  type Gap,
  type Instrument,
  type InstrumentId,
  MINUTE_MS,
  type QualityReader,
  type QualityReport,
  splitRange,
  type TimeRange,
  type TradeIdCheck,
} from '@candlecast/domain';
import { auditWindows, isRetryDue, planAuditWindows, suspiciousDays } from './plan-audit.ts';
import { countMinutes } from './plan-history.ts';

/** What a round of audits found over all its series. */
export interface AuditRound {
  readonly windows: number;
  readonly missingMinutes: number;
  readonly retriedGaps: number;
  /** Of the last two days of every series. */
  readonly reports: readonly QualityReport[];
  readonly tradeIds: readonly TradeIdCheck[];
}

export interface AuditorOptions {
  readonly now: () => EpochMs;
  readonly quality: Pick<QualityReader, 'countDays' | 'checkTradeIds' | 'findQuality' | 'findUnresolved'> & AuditWriter;
  readonly findInstruments: () => Promise<readonly Instrument[]>;
  /** The gaps recorded in a range, resolved ones included. */
  readonly findGaps: (instrumentId: InstrumentId, range: TimeRange) => Promise<readonly Gap[]>;
  /** Minutes that are neither stored nor recorded as a gap, oldest first. */
  readonly findMissing: (instrumentId: InstrumentId, range: TimeRange) => Promise<readonly TimeRange[]>;
  /** Takes a hole for repair. */
  readonly report: (instrumentId: InstrumentId, hole: TimeRange) => Promise<void>;
  /** Takes gaps that nobody else asks about for another try; those that are being asked about stay as they are. */
  readonly retry: (instrumentId: InstrumentId, gaps: readonly Gap[]) => void;
}

const QUALITY_DAYS = 2;
/** A hole is repaired in pieces of a week, so that none fills the memory. */
const REPAIR_MINUTES = 10_080;

/** Compares what a series must hold with what it holds, window by window, and hands what is missing to the repair. */
export class Auditor {
  readonly #options: AuditorOptions;
  readonly #floors = new Map<InstrumentId, EpochMs>();
  #rounds = 0;

  constructor(options: AuditorOptions) {
    this.#options = options;
  }

  /** Audits this series from now on; nothing before `floor` is wanted. */
  add(instrumentId: InstrumentId, floor: EpochMs): void {
    this.#floors.set(instrumentId, floor);
  }

  remove(instrumentId: InstrumentId): void {
    this.#floors.delete(instrumentId);
  }

  /** Audits the newest window and one older one of every series, and its gaps that are to be tried again. */
  async runRound(signal: AbortSignal): Promise<AuditRound> {
    const round = this.#rounds;
    this.#rounds += 1;
    const { quality, now } = this.#options;
    const totals = { windows: 0, missingMinutes: 0, retriedGaps: 0, reports: [] as QualityReport[], tradeIds: [] as TradeIdCheck[] };
    for (const instrument of await this.#options.findInstruments()) {
      const wanted = this.#wantedOf(instrument);
      if (!wanted || signal.aborted) continue;
      for (const window of planAuditWindows(wanted, round)) {
        totals.windows += 1;
        totals.missingMinutes += (await this.audit(instrument.id, window)).missing;
      }
      const due = (await quality.findUnresolved(instrument.id, 'FETCH_FAILED')).filter((gap) => isRetryDue(gap, now()));
      this.#options.retry(instrument.id, due);
      // Of another process that is gone, or of the audit by hand: nobody else reads them again.
      this.#options.retry(instrument.id, await quality.findUnresolved(instrument.id, 'PENDING'));
      totals.retriedGaps += due.length;
      const recent = { from: Math.max(wanted.from, wanted.to - QUALITY_DAYS * DAY_MS) as EpochMs, to: wanted.to };
      totals.reports.push(await quality.findQuality(instrument.id, recent));
      totals.tradeIds.push(await quality.checkTradeIds(instrument.id, recent));
    }
    return totals;
  }

  /** Audits every window of a range, oldest first. */
  async auditRange(instrumentId: InstrumentId, range: TimeRange, onWindow: (window: AuditWindow) => void): Promise<void> {
    for (const window of auditWindows(range)) onWindow(await this.audit(instrumentId, window));
  }

  /** Audits one window: counts days first and looks at minutes only where the counts do not add up. */
  async audit(instrumentId: InstrumentId, window: TimeRange): Promise<AuditWindow> {
    const { quality, findGaps, findMissing, report, now } = this.#options;
    const days = await quality.countDays(instrumentId, window);
    const unresolved = (await findGaps(instrumentId, window)).filter(({ resolvedAt }) => resolvedAt === null);
    const holes: TimeRange[] = [];
    for (const range of suspiciousDays(window, days, unresolved)) holes.push(...(await findMissing(instrumentId, range)));
    for (const hole of holes) for (const piece of splitRange(hole, MINUTE_MS, REPAIR_MINUTES)) await report(instrumentId, piece);
    const expected = countMinutes([window]);
    const present = days.reduce((sum, { minutes }) => sum + minutes, 0);
    const missing = countMinutes(holes);
    const offGrid = days.reduce((sum, day) => sum + day.offGrid, 0);
    const found = { ...window, auditedAt: now(), expected, present, excused: Math.max(0, expected - present - missing), missing, offGrid };
    await quality.saveAudit(instrumentId, found);
    return found;
  }

  /** From the oldest stored minute (or the beginning of what is wanted) to the watermark: what is beyond is not settled yet. */
  #wantedOf({ id, firstOpenTime, watermark }: Instrument): TimeRange | undefined {
    const floor = this.#floors.get(id);
    if (floor === undefined || firstOpenTime === null || watermark === null) return undefined;
    const from = Math.ceil(Math.max(floor, firstOpenTime) / MINUTE_MS) * MINUTE_MS;
    const to = addMs(watermark, MINUTE_MS);
    return from < to ? { from: from as EpochMs, to } : undefined;
  }
}
