import type { HorizonRecord } from '../graphql/documents/models.ts';
import { bandOf, FEW } from '../models/record-text.ts';

/** Whether a model still does at a horizon what it says: TOO_FEW where that cannot be told yet. */
export type Drift = 'HOLDS' | 'BANDS_OFF' | 'WORSE' | 'TOO_FEW';

const NOMINAL = 0.9;

/**
 * Judges a record of 30 days: WORSE where the whole interval of the skill lies below 0, BANDS_OFF where the interval of the 90 % band's coverage does
 * not hold 90 %. Below 30 forecasts, or without intervals (ten days), nothing is said.
 */
export function toDrift(record: Pick<HorizonRecord, 'n' | 'skill' | 'coverage'> | undefined): Drift {
  if (!record || record.n < FEW) return 'TOO_FEW';
  const band = bandOf(record.coverage, NOMINAL);
  if (record.skill?.upper != null && record.skill.upper < 0) return 'WORSE';
  if (band?.lower == null || band.upper === null) return 'TOO_FEW';
  return band.lower <= NOMINAL && NOMINAL <= band.upper ? 'HOLDS' : 'BANDS_OFF';
}

/** What each state is called, and what it means. */
export const DRIFT_TEXT: Readonly<Record<Drift, { readonly label: string; readonly mark: string }>> = {
  HOLDS: { label: 'holds', mark: '✓' },
  BANDS_OFF: { label: 'bands off', mark: '!' },
  WORSE: { label: 'worse than the reference', mark: '!' },
  TOO_FEW: { label: 'too few to tell', mark: '–' },
};
