import type { DriftCheck } from '../graphql/documents/status.ts';
import { formatShare } from '../markets/format-figures.ts';

/** Whether the champion of a horizon still does what it says: TOO_FEW where that cannot be told yet. */
export type DriftState = 'HOLDS' | 'ALARM' | 'TOO_FEW';

/** What each alarm says. */
const ALARM_TEXT: Readonly<Record<DriftCheck['alarms'][number], string>> = {
  SKILL: 'worse than the reference',
  COVERAGE: 'bands off',
  CLIPPED: 'unlike its training',
  GAPS: 'gaps',
};

type Found = Pick<DriftCheck, 'alarms' | 'lossRatio' | 'coverage90'>;

/** Returns the state of a look at a champion. */
export function driftState({ alarms, lossRatio, coverage90 }: Found): DriftState {
  if (alarms.length > 0) return 'ALARM';
  return lossRatio === null && coverage90 === null ? 'TOO_FEW' : 'HOLDS';
}

/** Returns what a look at a champion found, in words. */
export function driftText(check: Found): string {
  const state = driftState(check);
  if (state === 'ALARM') return check.alarms.map((alarm) => ALARM_TEXT[alarm]).join(', ');
  return state === 'HOLDS' ? 'holds' : 'too few to tell';
}

/** Returns a share that may not be known. */
export function shareText(share: number | null): string {
  return share === null ? '–' : formatShare(share);
}
