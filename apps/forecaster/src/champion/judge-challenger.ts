import { HOUR_MS, type Horizon, horizonMs, type PairedOrigin } from '@candlecast/domain';
import { dieboldMariano, type LossTest, lagOf } from '../evaluate/diebold-mariano.ts';

/** What is known of a challenger when it is judged; the champion is the first of `origins`, the challenger the second. */
export interface Evidence {
  readonly origins: readonly PairedOrigin[];
  /** Hours of the window: origins are on the hour. */
  readonly windowHours: number;
  /** Challengers that are judged on this window. */
  readonly challengers: number;
  /** Largest difference between trainer and runtime, in sigmas, and whether the same training gave the same file; null where nobody looked. */
  readonly parity: number | null;
  readonly isRepeatable: boolean | null;
  /** HAR-S against the challenger at the same origins; none where HAR-S does not run. */
  readonly bar: readonly PairedOrigin[];
}

/**
 * What a challenger must fulfil: (a) a lower pooled loss, (b) no horizon worse, (c) coverage, (d) a point forecast not behind the last price,
 * (e) a file that is what was trained. `enough` says whether there is enough to judge at all.
 */
export const CLAUSES = ['enough', 'a', 'b', 'c', 'd', 'e'] as const;
export type Clause = (typeof CLAUSES)[number];

/** How a challenger was judged. It is promoted only where every clause is fulfilled. */
export interface Verdict {
  readonly isPromoted: boolean;
  readonly failed: readonly Clause[];
  /** (f) Whether the challenger is better than HAR-S, which it is labelled with; null where HAR-S does not run. */
  readonly isBetterThanBar: boolean | null;
  /** The numbers that decided, by name. */
  readonly figures: Readonly<Record<string, number>>;
}

/** Horizons whose losses are pooled: beyond them three months tell too little. */
export const POOLED_HORIZONS = ['1h', '2h', '4h', '6h'] as const satisfies readonly Horizon[];

const LEVEL = 0.05;
/** Share of the window's hours at which both must have been scored. */
const LEAST_SHARE = 0.8;
const MOST_COVERAGE_LOSS = 0.01;
const MOST_MAE_RATIO = 1;
const MOST_PARITY = 1e-5;
/** Sums in another order differ in their last digits. */
const ROUNDING = 1e-12;
const DAY_HOURS = 24;

/** Judges a challenger against the champion on the same origins. */
export function judgeChallenger({ origins, windowHours, challengers, parity, isRepeatable, bar }: Evidence): Verdict {
  const pooled = poolLosses(origins);
  const test = comparePooled(origins);
  const level = LEVEL / Math.max(1, challengers);
  const worst = Math.min(1, ...horizonsOf(origins).map((horizon) => compareAt(origins, horizon).p));
  const [champion, challenger] = [coverage(origins, 'firstWithin90'), coverage(origins, 'secondWithin90')];
  const ratios = horizonsOf(origins).map((horizon) => maeRatio(origins.filter((origin) => origin.horizon === horizon)));
  const maeRatioWorst = Math.max(0, ...ratios);
  const isFulfilled: Record<Clause, boolean> = {
    enough: pooled.first.length >= LEAST_SHARE * windowHours,
    a: test.p < level,
    b: worst >= LEVEL,
    c: Math.abs(challenger - 0.9) - Math.abs(champion - 0.9) <= MOST_COVERAGE_LOSS + ROUNDING,
    d: maeRatioWorst <= MOST_MAE_RATIO + ROUNDING,
    e: parity !== null && parity <= MOST_PARITY && isRepeatable === true,
  };
  const failed = CLAUSES.filter((clause) => !isFulfilled[clause]);
  const barTest = bar.length === 0 ? null : comparePooled(bar);
  return {
    isPromoted: failed.length === 0,
    failed,
    isBetterThanBar: barTest && barTest.p < LEVEL,
    figures: {
      origins: pooled.first.length,
      challengers,
      lossChampion: mean(pooled.first),
      lossChallenger: mean(pooled.second),
      z: test.z,
      p: test.p,
      pRequired: level,
      pWorstHorizon: worst,
      coverage90Champion: champion,
      coverage90Challenger: challenger,
      maeRatioWorst,
      parity: parity ?? -1,
      repeatable: isRepeatable ? 1 : 0,
      betterThanHarS: barTest === null ? -1 : barTest.p < LEVEL ? 1 : 0,
    },
  };
}

/** Tests whether the second model's pooled loss is lower than the first's; p is NaN where there are fewer than two origins. */
export function comparePooled(origins: readonly PairedOrigin[]): LossTest {
  const { first, second } = poolLosses(origins);
  return dieboldMariano(Float64Array.from(first), Float64Array.from(second), DAY_HOURS, horizonMs('6h') / HOUR_MS);
}

/** Tests whether the second model is worse at a horizon: a small p says that it is. */
function compareAt(origins: readonly PairedOrigin[], horizon: Horizon): LossTest {
  const at = origins.filter((origin) => origin.horizon === horizon);
  const steps = Math.max(1, horizonMs(horizon) / HOUR_MS);
  const [champion, challenger] = [at.map(({ firstLoss }) => firstLoss), at.map(({ secondLoss }) => secondLoss)];
  return dieboldMariano(Float64Array.from(challenger), Float64Array.from(champion), lagOf(steps, DAY_HOURS), steps);
}

/** Mean losses over the pooled horizons, at each origin that has them all, in order. */
function poolLosses(origins: readonly PairedOrigin[]): { readonly first: number[]; readonly second: number[] } {
  const pooled: readonly Horizon[] = POOLED_HORIZONS;
  const byTime = new Map<number, PairedOrigin[]>();
  for (const origin of origins) {
    if (!pooled.includes(origin.horizon)) continue;
    const found = byTime.get(origin.asOf);
    if (found) found.push(origin);
    else byTime.set(origin.asOf, [origin]);
  }
  const whole = [...byTime.entries()].filter(([, found]) => found.length === pooled.length).sort(([a], [b]) => a - b);
  return {
    first: whole.map(([, found]) => mean(found.map(({ firstLoss }) => firstLoss))),
    second: whole.map(([, found]) => mean(found.map(({ secondLoss }) => secondLoss))),
  };
}

function horizonsOf(origins: readonly PairedOrigin[]): Horizon[] {
  return [...new Set(origins.map(({ horizon }) => horizon))];
}

function coverage(origins: readonly PairedOrigin[], count: 'firstWithin90' | 'secondWithin90'): number {
  const all = origins.reduce((sum, { instruments }) => sum + instruments, 0);
  return all === 0 ? 0 : origins.reduce((sum, origin) => sum + origin[count], 0) / all;
}

function maeRatio(origins: readonly PairedOrigin[]): number {
  const naive = origins.reduce((sum, { absErrNaive }) => sum + absErrNaive, 0);
  return naive === 0 ? 1 : origins.reduce((sum, { secondAbsErr }) => sum + secondAbsErr, 0) / naive;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
