import type { EpochMs, TimeRange } from './time.ts';

/** What a closed 1m candle is checked for. The first seven can only be wrong data; the others may be true and worth a look. */
export const QUALITY_CHECKS = [
  /** A price of zero or less, or not low ≤ open, close ≤ high. */
  'PRICE_ORDER',
  'NEGATIVE_VOLUME',
  /** Takers bought more than was traded. */
  'TAKER_ABOVE_TOTAL',
  /** Quote volume ÷ base volume is not a price between low and high. */
  'AVERAGE_OUT_OF_RANGE',
  /** Trades without volume, or volume without trades. */
  'VOLUME_WITHOUT_TRADES',
  /** last − first trade id + 1 is not the trade count. */
  'TRADE_COUNT',
  /** The open time is not a whole minute. */
  'OFF_GRID',
  /** A return far from the usual ones of the range, by the modified z-score. */
  'OUTLIER_RETURN',
  /** An hour or more of minutes without a trade. */
  'ZERO_VOLUME_RUN',
  /** The exchange restated the candle after it had closed. */
  'CORRECTED',
] as const;
export type QualityCheck = (typeof QUALITY_CHECKS)[number];

/** How many candles (of ZERO_VOLUME_RUN: runs) a check found, and the open times of the first of them. */
export interface QualityFinding {
  readonly check: QualityCheck;
  readonly count: number;
  /** At most ten; of outliers the largest. */
  readonly examples: readonly EpochMs[];
}

/** The checks of a range of stored 1m candles. */
export interface QualityReport {
  readonly candles: number;
  readonly findings: readonly QualityFinding[];
  /** Minutes of the longest run without a trade. */
  readonly longestZeroVolumeRun: number;
  /** Largest modified z-score of a return; null without returns. */
  readonly largestScore: number | null;
}

/** The unit of `OUTLIER_RETURN`: modified z-scores above it are counted. */
export const OUTLIER_SCORE = 35;

/** Whether the trades of a range follow each other without a hole, by the exchange's trade ids. */
export interface TradeIdCheck {
  /** Candles with trades, or of which that is not known. */
  readonly candles: number;
  /** Neighbours of which one has no ids. */
  readonly unknown: number;
  /** Neighbours whose ids do not follow each other. */
  readonly breaks: number;
  /** Open times of the candles after the first breaks, at most ten. */
  readonly breakTimes: readonly EpochMs[];
}

/** What the newest audit of a window of a 1m series found, in minutes. */
export interface AuditWindow extends TimeRange {
  readonly auditedAt: EpochMs;
  readonly expected: number;
  readonly present: number;
  /** In recorded gaps. */
  readonly excused: number;
  /** Neither stored nor recorded before the audit. */
  readonly missing: number;
  readonly offGrid: number;
}

/** What became of a dump file. */
export interface ImportedFile {
  readonly name: string;
  readonly sha256: string;
  /** True when the checksum that stands beside the file was compared. */
  readonly isVerified: boolean;
  readonly importedAt: EpochMs;
  readonly rows: number;
  readonly inserted: number;
  readonly corrected: number;
  readonly completed: number;
  readonly unchanged: number;
  /** Rows off the minute grid, merged into the minutes that contain them. */
  readonly offGrid: number;
  readonly refused: number;
  /** Refused rows by reason. */
  readonly refusals: Readonly<Record<string, number>>;
}
