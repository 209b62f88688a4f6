import { addMs, DAY_MS, type EpochMs, type ExternalPoint, readAsKnown } from '@candlecast/domain';
import { toFeature } from './to-feature.ts';

/** A series from outside that models are told. LEVEL: the value itself says something; GROWTH: only its change does. */
export interface ExternalFeature {
  readonly key: string;
  readonly shape: 'LEVEL' | 'GROWTH';
}

/** Points of the series, by key. */
export type ExternalPoints = ReadonlyMap<string, readonly ExternalPoint[]>;

const WEEK_MS = 7 * DAY_MS;

/** Returns the columns of series from outside, by name: two a series. */
export function externalColumns(external: readonly ExternalFeature[]): string[] {
  return external.flatMap(({ key, shape }) =>
    shape === 'LEVEL' ? [`external.${key}`, `external.${key}.change7d`] : [`external.${key}.growth1d`, `external.${key}.growth7d`],
  );
}

/**
 * Tells of each close, which are ascending, what was known of the series by then, [closes, externalColumns]; NaN where nothing was. A LEVEL
 * is told as it is and less what was known of it a week earlier, a GROWTH as the logarithm of its ratio to a day and to a week earlier.
 */
export function toExternalRows(external: readonly ExternalFeature[], points: ExternalPoints, closes: readonly EpochMs[]): Float32Array {
  const width = externalColumns(external).length;
  const rows = new Float32Array(closes.length * width).fill(Number.NaN);
  external.forEach(({ key, shape }, index) => {
    const known = (agoMs: number) => knownAgo(points.get(key) ?? [], closes, agoMs);
    const [now, week] = [known(0), known(WEEK_MS)];
    const day = shape === 'GROWTH' ? known(DAY_MS) : [];
    closes.forEach((_, row) => {
      const at = row * width + 2 * index;
      const [value, before] = [now[row] as number, week[row] as number];
      if (shape === 'LEVEL') rows.set([value, value - before], at);
      else rows.set([growth(value, day[row] as number), growth(value, before)], at);
    });
  });
  return rows;
}

/** Returns what was known at a time before each close of that time. */
function knownAgo(points: readonly ExternalPoint[], closes: readonly EpochMs[], agoMs: number): number[] {
  const found = readAsKnown(
    points,
    closes.map((close) => addMs(close, -agoMs)),
  );
  return found.map((known) => toFeature(known?.value ?? null));
}

/** NaN where either is not known or not positive: the first days of a chain have no blocks. */
function growth(value: number, before: number): number {
  return value > 0 && before > 0 ? Math.log(value / before) : Number.NaN;
}
