import type { RecordFields } from '../graphql/documents/forecasts.ts';
import type { FanPart } from '../market/forecast-fan.ts';
import { ENOUGH, TOO_FEW } from './record-text.ts';

/** How many forecasts of a fan's horizons have come to their targets, and which part of them inside each band, 0 to 1. */
export interface FanCoverage {
  readonly n: number;
  readonly inner: number;
  readonly outer: number;
}

type Said = Pick<RecordFields, 'horizon' | 'n' | 'coverage'>;

/** Returns what the bands of a fan have held of the forecasts before it: of all its horizons together, each counted as often as it was resolved. */
export function toFanCoverage(parts: readonly FanPart[], recordsOf: (modelId: string) => readonly Said[]): FanCoverage {
  const records = parts.flatMap(({ horizon, modelId }) => recordsOf(modelId).find((record) => record.horizon === horizon) ?? []);
  const n = records.reduce((sum, record) => sum + record.n, 0);
  const held = (level: number) => records.reduce((sum, record) => sum + record.n * shareOf(record, level), 0) / Math.max(1, n);
  return { n, inner: held(0.5), outer: held(0.9) };
}

/** Returns what a band has held as a legend writes it: "held 48 %", or "too few" below 30 forecasts. */
export function formatHeld(coverage: FanCoverage, band: 'inner' | 'outer'): string {
  return coverage.n < ENOUGH ? TOO_FEW : `held ${Math.round(coverage[band] * 100)} %`;
}

function shareOf({ coverage }: Said, level: number): number {
  return coverage.find((row) => Math.abs(row.level - level) < 1e-9)?.share ?? 0;
}
