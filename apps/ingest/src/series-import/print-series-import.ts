import type { SeriesOutcome } from './run-series-import.ts';

/** Returns what became of a file, as a line for people. */
export function outcomeLine({ name, values, stored, known, refusals }: SeriesOutcome): string {
  const reasons = Object.entries(refusals).map(([reason, count]) => `${reason} ${count}`);
  const refused = Object.values(refusals).reduce((sum, count) => sum + count, 0);
  return `${name}: ${values} values; new ${stored}, known ${known}${refused > 0 ? `; refused ${refused} (${reasons.join(', ')})` : ''}`;
}

/** Returns the sum of a run, as a line for people. */
export function summaryLine(outcomes: readonly SeriesOutcome[], files: number): string {
  const stored = outcomes.reduce((sum, outcome) => sum + outcome.stored, 0);
  return `${outcomes.length} of ${files} files, ${stored} new values`;
}
