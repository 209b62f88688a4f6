/** A forecast as a reliability diagram needs it, whether it was a call or not. */
export interface SaidRise {
  /** How likely it said a rise was. */
  readonly pUp: number;
  /** What came; null where nothing has yet. */
  readonly logReturn: number | null;
}

/** Forecasts of about the same probability: what was said on average, how often it came, of how many. */
export interface ReliabilityBin {
  readonly said: number;
  readonly came: number;
  readonly n: number;
}

export const BINS = 10;

/** Returns the bins of equal width that hold any forecast, lowest probability first. An honest forecaster's lie on the diagonal. */
export function toReliability(forecasts: readonly SaidRise[]): readonly ReliabilityBin[] {
  const bins = Array.from({ length: BINS }, () => ({ said: 0, came: 0, n: 0 }));
  for (const { pUp, logReturn } of forecasts) {
    const bin = bins[Math.min(BINS - 1, Math.floor(pUp * BINS))];
    // A price that did not move neither rose nor fell.
    if (logReturn === null || logReturn === 0 || !bin) continue;
    bin.said += pUp;
    bin.came += logReturn > 0 ? 1 : 0;
    bin.n += 1;
  }
  return bins.filter(({ n }) => n > 0).map(({ said, came, n }) => ({ said: said / n, came: came / n, n }));
}
