import type { Quantile } from './forecast.ts';
import type { EpochMs } from './time.ts';

/** What a forecast means for somebody who holds nothing and may buy or sell short. HOLD: what is expected does not pay for the trade. */
export const SIGNAL_ACTIONS = ['BUY', 'HOLD', 'SELL'] as const;
export type SignalAction = (typeof SIGNAL_ACTIONS)[number];

/** What trading costs, in basis points (hundredths of a per cent) of the price. */
export interface TradingCosts {
  /** Fee of one trade; entry and exit pay it each. */
  readonly feeBps: number;
  /** Ask minus bid; entry and exit pay half of it each. */
  readonly spreadBps: number;
  /** When the top of the book that the spread is of was sampled; null where none was young enough and the default stands. */
  readonly spreadAt: EpochMs | null;
}

/** A signal as it was when its forecast was issued. */
export interface ForecastSignal extends TradingCosts {
  readonly action: SignalAction;
  /** Version of the rule by which the action follows from quantiles and costs. */
  readonly rule: number;
}

/** Version of the rule in `toSignal`: it stands on every signal and changes when the rule does. */
export const SIGNAL_RULE = 1;

/** The spread that is reckoned with where none is known: wider than that of any pair that is traded much. */
export const DEFAULT_SPREAD_BPS = 10;

/** Returns what the price is expected to do by the target time, in basis points of log-return: the forecast's median. */
export function expectedMoveBps(quantiles: readonly Quantile[]): number {
  return (quantiles.find(({ level }) => level === 0.5)?.logReturn ?? Number.NaN) * 10_000;
}

/** Returns what entering and leaving costs together, in basis points. */
export function roundTripBps({ feeBps, spreadBps }: Pick<TradingCosts, 'feeBps' | 'spreadBps'>): number {
  return 2 * feeBps + spreadBps;
}

/** Returns what is expected to be left of the move after costs, in basis points; below 0 a trade is expected to lose. */
export function expectedEdgeBps(quantiles: readonly Quantile[], costs: Pick<TradingCosts, 'feeBps' | 'spreadBps'>): number {
  return Math.abs(expectedMoveBps(quantiles)) - roundTripBps(costs);
}

/** Returns the signal of a forecast with these quantiles at these costs: the side of the expected move where an edge is expected, else HOLD. */
export function toSignal(quantiles: readonly Quantile[], { feeBps, spreadBps, spreadAt }: TradingCosts): ForecastSignal {
  const side = expectedMoveBps(quantiles) > 0 ? 'BUY' : 'SELL';
  const action = expectedEdgeBps(quantiles, { feeBps, spreadBps }) > 0 ? side : 'HOLD';
  return { action, rule: SIGNAL_RULE, feeBps, spreadBps, spreadAt };
}
