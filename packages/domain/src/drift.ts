import type { Horizon } from './horizon.ts';
import type { Venue } from './instrument.ts';
import type { EpochMs } from './time.ts';

/**
 * What a champion may have lost: SKILL against the reference, COVERAGE of its bands, its footing (CLIPPED: features that its training never saw), or its
 * data (GAPS).
 */
export const DRIFT_ALARMS = ['SKILL', 'COVERAGE', 'CLIPPED', 'GAPS'] as const;
export type DriftAlarm = (typeof DRIFT_ALARMS)[number];

/** How the champion of a horizon stood at a midnight of the venue's clock. */
export interface DriftCheck {
  readonly venue: Venue;
  readonly horizon: Horizon;
  readonly at: EpochMs;
  /** The champion's newest version then. */
  readonly modelId: number;
  /** CRPS over the reference's; null where there is too little. */
  readonly lossRatio: number | null;
  /** Share of prices within the bands of 90 %; null as above. */
  readonly coverage90: number | null;
  /** Share of scaled features beyond four deviations; null for a model without a scaler. */
  readonly clippedShare: number | null;
  /** Live instruments with a recorded gap of more than two bars in the day before. */
  readonly gappedInstruments: number;
  readonly alarms: readonly DriftAlarm[];
}
