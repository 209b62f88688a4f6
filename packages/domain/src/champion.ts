import type { Horizon } from './horizon.ts';
import type { Venue } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** INSTALLED where there was none or a fresh version came, PROMOTED by the rule, ROLLED_BACK because it decayed, EXPIRED because it is too old. */
export const CHAMPION_REASONS = ['INSTALLED', 'PROMOTED', 'ROLLED_BACK', 'EXPIRED'] as const;
export type ChampionReason = (typeof CHAMPION_REASONS)[number];

/** Since `at`, by the venue's clock, the forecasts of a horizon that are shown are those of the newest version of `name`. */
export interface ChampionChange {
  readonly id: number;
  readonly venue: Venue;
  readonly horizon: Horizon;
  readonly name: string;
  /** Its newest version then. */
  readonly modelId: number;
  /** Null for the first of a horizon. */
  readonly formerName: string | null;
  readonly reason: ChampionReason;
  readonly at: EpochMs;
  /** Which rule or who. */
  readonly decidedBy: string;
  /** The numbers that decided, by name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** How two models did at the same origin: forecasts of one horizon at one `asOf`, over the instruments of which both have a score. */
export interface PairedOrigin {
  readonly horizon: Horizon;
  readonly asOf: EpochMs;
  readonly instruments: number;
  /** Mean CRPS ÷ sigma of the reference, of the first and of the second model. */
  readonly firstLoss: number;
  readonly secondLoss: number;
  /** How many of the instruments' prices the bands of 90 % held. */
  readonly firstWithin90: number;
  readonly secondWithin90: number;
  /** Sums of the second's errors and of those of "the price stays the same", as fractions of the price. */
  readonly secondAbsErr: number;
  readonly absErrNaive: number;
}
