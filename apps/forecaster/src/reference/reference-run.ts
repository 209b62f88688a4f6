import type { LevelMetrics } from './level-metrics.ts';

/** One line of a reference run: who forecast, and how it did by each metric. */
export interface ReferenceRow {
  readonly name: string;
  /** By metric, as text; "—" where there is none. */
  readonly values: Readonly<Record<string, string>>;
}

/** A published protocol, run on the recorded data. */
export interface ReferenceRun {
  readonly name: string;
  readonly protocol: string;
  /** How the window relates to the published one. */
  readonly window: string;
  readonly metrics: readonly string[];
  readonly rows: readonly ReferenceRow[];
  readonly notes: readonly string[];
}

/** Returns a line of level metrics; the scale's digits decide how they are written. */
export function levelRow(name: string, metrics: LevelMetrics, shown: readonly string[]): ReferenceRow {
  const texts: Record<string, string> = {
    n: String(metrics.n),
    MSE: metrics.mse.toExponential(3),
    RMSE: metrics.rmse.toPrecision(3),
    MAE: metrics.mae.toPrecision(3),
    'R² (misleading)': metrics.r2.toFixed(4),
    'MAPE (misleading)': `${(100 * metrics.mape).toFixed(2)} %`,
  };
  return { name, values: Object.fromEntries(shown.map((metric) => [metric, texts[metric] ?? '—'])) };
}

/** Returns a run as Markdown. */
export function toReferenceMarkdown({ name, protocol, window, metrics, rows, notes }: ReferenceRun): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `# ${name}`,
    '',
    protocol,
    '',
    `Window: ${window}.`,
    '',
    line(['', ...metrics]),
    line(['---', ...metrics.map(() => '---')]),
    ...rows.map((row) => line([row.name, ...metrics.map((metric) => row.values[metric] ?? '—')])),
    '',
    ...notes.map((note) => `- ${note}`),
    '',
  ].join('\n');
}
