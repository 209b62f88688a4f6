import type { Decimal } from './decimal.ts';
import type { Horizon } from './horizon.ts';
import { type Estimate, ratioEstimate } from './ratio-estimate.ts';
import { roundTripBps, type SignalAction, type TradingCosts } from './signal.ts';
import type { EpochMs } from './time.ts';
import { LEAST_DAYS, lagDays } from './track-record.ts';

/** The trades of one UTC day, by their target times. */
export interface PaperDay {
  readonly day: EpochMs;
  readonly trades: number;
  /** Of them, those that gained after costs. */
  readonly gains: number;
  /** Sum of their returns after costs, in basis points. */
  readonly netBps: number;
  /** The deepest that the value of the account fell under the highest it had had before, 0 to 1. */
  readonly drawdown: number;
}

/** What is stored of following every signal of an instrument and horizon. */
export interface PaperRows {
  /** The first forecast that carried a signal, with what entering and leaving cost then; null where there is none. */
  readonly first: { readonly asOf: EpochMs; readonly price: Decimal; readonly costBps: number } | null;
  /** Oldest first. */
  readonly days: readonly PaperDay[];
  /** Positions whose target time has not come, or whose price has not. */
  readonly open: number;
  /** Positions for whose target time there is no price: they count for nothing. */
  readonly void: number;
}

/** What is said of a record: whether the interval of the mean lies above 0, below, covers it, or cannot be told yet. */
export const PAPER_VERDICTS = ['GAIN', 'NEITHER', 'LOSS', 'TOO_FEW'] as const;
export type PaperVerdict = (typeof PAPER_VERDICTS)[number];

/** What following every signal would have given. */
export interface PaperRecord {
  readonly trades: number;
  readonly open: number;
  readonly void: number;
  /** Share of the trades that gained after costs; null without a trade. */
  readonly hitRate: Estimate | null;
  /** Mean return of a trade after costs, in basis points; null without a trade. */
  readonly meanNetBps: Estimate | null;
  /** Sum of the returns, each of the same stake, in basis points; 0 without a trade. */
  readonly totalNetBps: Estimate;
  /** The deepest fall of an account that puts everything into each trade, 0 to 1. */
  readonly maxDrawdown: number;
  readonly verdict: PaperVerdict;
}

/** Returns what a trade gave after both fees and the spread, in basis points of the stake; `logReturn` is what the price did. */
export function toNetBps(
  action: Exclude<SignalAction, 'HOLD'>,
  logReturn: number,
  costs: Pick<TradingCosts, 'feeBps' | 'spreadBps'>,
): number {
  return (action === 'BUY' ? 1 : -1) * Math.expm1(logReturn) * 10_000 - roundTripBps(costs);
}

/** Makes the record of its days. The intervals allow for days that resemble their neighbours, as those of a track record do. */
export function toPaperRecord(horizon: Horizon, { days, open, void: voided }: PaperRows): PaperRecord {
  const estimate = (part: (day: PaperDay) => number) =>
    ratioEstimate(
      days.map(part),
      days.map((day) => day.trades),
      lagDays(horizon),
    );
  const trades = days.reduce((sum, day) => sum + day.trades, 0);
  const mean = estimate((day) => day.netBps);
  const times = (bound: number | null) => bound && bound * trades;
  return {
    trades,
    open,
    void: voided,
    hitRate: estimate((day) => day.gains),
    meanNetBps: mean,
    totalNetBps: mean
      ? { value: mean.value * trades, lower: times(mean.lower), upper: times(mean.upper) }
      : { value: 0, lower: null, upper: null },
    maxDrawdown: days.reduce((deepest, day) => Math.max(deepest, day.drawdown), 0),
    verdict: toVerdict(mean, days.length),
  };
}

function toVerdict(mean: Estimate | null, days: number): PaperVerdict {
  if (!mean || days < LEAST_DAYS || mean.lower === null || mean.upper === null) return 'TOO_FEW';
  if (mean.lower > 0) return 'GAIN';
  return mean.upper < 0 ? 'LOSS' : 'NEITHER';
}
