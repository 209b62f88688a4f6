import type { HorizonRecord } from '../graphql/documents/models.ts';
import { formatShare, formatSigned } from '../markets/format-figures.ts';

/** Below so many forecasts nothing is said of a model. */
export const FEW = 30;
export const TOO_FEW = 'too few';

interface Bounded {
  readonly value: number;
  readonly lower: number | null;
  readonly upper: number | null;
}

const VERDICTS = { SKILL: 'better', NO_SKILL: 'no difference shown', WORSE: 'worse', TOO_FEW } as const;

/** Returns a figure with its interval of 95 %: "+0.042 (+0.010 to +0.074)". Without an interval it stands alone. */
export function formatBounded({ value, lower, upper }: Bounded, format: (value: number) => string): string {
  return lower === null || upper === null ? format(value) : `${format(value)} (${format(lower)} to ${format(upper)})`;
}

/** Returns the skill of a record in words and figures; says so where there are too few forecasts. */
export function skillText({ n, skill }: Pick<HorizonRecord, 'n' | 'skill'>): { readonly figure: string; readonly verdict: string } {
  if (!skill || n < FEW) return { figure: TOO_FEW, verdict: '' };
  return { figure: formatBounded(skill, formatSigned), verdict: VERDICTS[skill.verdict] };
}

/** Returns how often the band of a level (0.9) held the price, with its interval; says so where there are too few forecasts. */
export function coverageText({ n, coverage }: Pick<HorizonRecord, 'n' | 'coverage'>, level: number): string {
  const band = bandOf(coverage, level);
  if (!band || n < FEW) return TOO_FEW;
  return formatBounded({ ...band, value: band.share }, formatShare);
}

/** Returns how often the direction came, with its interval; says so where there are too few forecasts. */
export function hitText({ n, hitRate }: Pick<HorizonRecord, 'n' | 'hitRate'>): string {
  return !hitRate || n < FEW ? TOO_FEW : formatBounded(hitRate, formatShare);
}

/** Returns the coverage of a level; undefined where it is not told. */
function bandOf(coverage: HorizonRecord['coverage'], level: number): HorizonRecord['coverage'][number] | undefined {
  return coverage.find((band) => Math.abs(band.level - level) < 1e-9);
}
