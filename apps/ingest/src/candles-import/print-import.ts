import type { ImportOutcome } from './run-import.ts';

/** Returns what became of a file, as a line for people. */
export function outcomeLine(outcome: ImportOutcome): string {
  if (outcome.kind === 'known') return `${outcome.name}: this version is imported already`;
  if (outcome.kind === 'absent') return `${outcome.name}: the host does not have it`;
  const { name, file, tookMs } = outcome;
  const { rows, inserted, corrected, completed, unchanged, offGrid, refused } = file;
  const refusals = Object.entries(file.refusals).map(([reason, count]) => `${reason} ${count}`);
  return [
    `${name}: ${rows} rows in ${(tookMs / 1_000).toFixed(1)} s; new ${inserted}, corrected ${corrected}, completed ${completed}, unchanged ${unchanged}`,
    ...(offGrid > 0 ? [`off the grid ${offGrid}`] : []),
    ...(refused > 0 ? [`refused ${refused} (${refusals.join(', ')})`] : []),
    ...(file.isVerified ? [] : ['no checksum beside it']),
  ].join('; ');
}

/** Returns the sum of a run, as a line for people. */
export function summaryLine(outcomes: readonly ImportOutcome[]): string {
  const imported = outcomes.filter((outcome) => outcome.kind === 'imported');
  const rows = imported.reduce((sum, { file }) => sum + file.rows, 0);
  const tookMs = imported.reduce((sum, outcome) => sum + outcome.tookMs, 0);
  const rate = tookMs > 0 ? `, ${Math.round((rows / tookMs) * 1_000)} rows a second` : '';
  return `${imported.length} of ${outcomes.length} files imported, ${rows} rows${rate}`;
}
