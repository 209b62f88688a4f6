import type { RecordFields } from '../graphql/documents/forecasts.ts';

/** Below this many resolved forecasts nothing is said of a record. */
export const ENOUGH = 30;
export const TOO_FEW = 'too few';

/** A ratio with its interval, as the API gives it. */
interface Interval {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

/** A record as people read it. Every text is `TOO_FEW` below 30, however good the number would look. */
export interface RecordText {
  readonly n: string;
  readonly hitRate: string;
  readonly skill: string;
  readonly coverage50: string;
  readonly coverage90: string;
  /** Error of the median against that of "the price stays the same". */
  readonly againstNaive: string;
}

type Shown = Pick<RecordFields, 'n' | 'calls' | 'hitRate' | 'skill' | 'coverage' | 'maeRatio'>;

/** Returns the texts of a record; those of an empty one where there is none. */
export function toRecordText(record: Shown | undefined): RecordText {
  const n = record?.n ?? 0;
  const isEnough = n >= ENOUGH;
  const when = (text: string | undefined) => (isEnough ? (text ?? '–') : TOO_FEW);
  const coverage = (level: number) => record?.coverage.find((row) => Math.abs(row.level - level) < 1e-9);
  const of = (level: number) => {
    const row = coverage(level);
    return when(row && withInterval({ ...row, value: row.share }, toPercent));
  };
  return {
    n: n.toLocaleString('en'),
    hitRate: (record?.calls ?? 0) < ENOUGH ? TOO_FEW : (record?.hitRate && withInterval(record.hitRate, toPercent)) || '–',
    skill: when(record?.skill ? withInterval(record.skill, toSigned) : undefined),
    coverage50: of(0.5),
    coverage90: of(0.9),
    againstNaive: when(record?.maeRatio ? withInterval(record.maeRatio, toRatio) : undefined),
  };
}

function withInterval({ value, lower, upper }: Interval, toText: (value: number) => string): string {
  if (lower === null || upper === null) return toText(value);
  return `${toText(value)} [${toText(lower)}, ${toText(upper)}]`;
}

function toPercent(value: number): string {
  return `${(value * 100).toFixed(0)} %`;
}

function toRatio(value: number): string {
  return value.toFixed(3);
}

function toSigned(value: number): string {
  const text = Math.abs(value).toFixed(3);
  return value > 0 ? `+${text}` : value < 0 ? `−${text}` : text;
}
