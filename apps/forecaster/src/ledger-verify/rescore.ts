import type { Forecast, LedgerReader, Resolution, Score, StoredClose } from '@candlecast/domain';
import { scoreForecast } from '../score/score-forecast.ts';
import { describe } from './verify-ledger.ts';

/** How far a number that is computed again may be from the stored one. */
const TOLERANCE = 1e-9;
const EXACT = ['isReference', 'hit', 'band', 'absErr', 'absErrNaive', 'scorer', 'bandCalibrated'] as const;
const CLOSE = ['logReturn', 'crps', 'crpsReference', 'brier', 'crpsCalibrated'] as const;

/** What scoring again needs of the world. */
export interface RescorePorts {
  readonly ledger: Pick<LedgerReader, 'findCloses'>;
  readonly findResolutions: (forecasts: readonly Forecast[]) => Promise<(Resolution | null)[]>;
}

/**
 * Scores entries again, from what they say and the price that came, and compares: every number to 1e-9, the price with the stored candle
 * unless that was corrected after the score was made. Returns a sentence for each that differs.
 */
export async function rescore({ ledger, findResolutions }: RescorePorts, entries: readonly Forecast[]): Promise<string[]> {
  const [resolutions, closes] = await Promise.all([findResolutions(entries), ledger.findCloses(entries)]);
  return entries.flatMap((entry, index) => {
    const resolution = resolutions[index];
    if (!resolution?.score) return [];
    return findInScore(entry, resolution, closes[index] ?? null).map((finding) => `${describe(entry)} ${finding}`);
  });
}

function findInScore(
  entry: Forecast,
  { actual, score, resolvedAt }: Resolution & { readonly score: Score },
  candle: StoredClose | null,
): string[] {
  const findings: string[] = [];
  if (candle && candle.knownAt <= resolvedAt && candle.close !== actual) {
    findings.push(`was scored with ${actual}, but the candle that ends at its target time closed at ${candle.close}`);
  }
  const again = scoreForecast(entry, actual);
  const isSame =
    EXACT.every((name) => again[name] === score[name]) &&
    CLOSE.every((name) => {
      const [made, stored] = [again[name], score[name]];
      return made === null || stored === null ? made === stored : Math.abs(made - stored) <= TOLERANCE;
    });
  if (!isSame) findings.push(`has the score ${JSON.stringify(score)}, scored again it has ${JSON.stringify(again)}`);
  return findings;
}
