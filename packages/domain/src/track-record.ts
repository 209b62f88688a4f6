import type { Horizon } from './horizon.ts';
import { horizonMs } from './horizon.ts';
import { type Estimate, ratioEstimate } from './ratio-estimate.ts';
import { BANDS, type Band } from './resolution.ts';
import { DAY_MS, type EpochMs } from './time.ts';

/** Sums of the scores that were made on one UTC day of the venue's clock; errors are fractions of the reference price. */
export interface TrackDay {
  readonly day: EpochMs;
  /** Of them, those that were due when they were issued. */
  readonly regular: number;
  readonly resolved: number;
  readonly late: number;
  readonly void: number;
  /** Forecasts with a direction, and of them those whose direction came. */
  readonly calls: number;
  readonly hits: number;
  /** Forecasts with bands, and of them those whose band of so many per cent held the price. */
  readonly banded: number;
  readonly within: Readonly<Record<Band, number>>;
  /** Forecasts with a reference, and the sums of their CRPS and of their references'. */
  readonly compared: number;
  readonly crps: number;
  readonly crpsReference: number;
  readonly absErr: number;
  readonly absErrNaive: number;
  /** Over the calls. */
  readonly brier: number;
}

/** What a track record says of the skill: whether the interval of 95 % lies above 0, below, covers it, or cannot be told yet. */
export const SKILL_VERDICTS = ['SKILL', 'NO_SKILL', 'WORSE', 'TOO_FEW'] as const;
export type SkillVerdict = (typeof SKILL_VERDICTS)[number];

/** Skill against the reference: 1 − CRPS ÷ CRPS of the reference. */
export interface Skill extends Estimate {
  readonly verdict: SkillVerdict;
  /** Forecasts compared. */
  readonly n: number;
  /** Days on which they were scored. */
  readonly days: number;
}

/** How a model did at one horizon. */
export interface TrackRecord {
  readonly horizon: Horizon;
  readonly resolved: number;
  readonly onTime: number;
  readonly late: number;
  readonly void: number;
  /** Forecasts that were due and never issued. */
  readonly missing: number;
  /** Issued, target time passed, no price yet. */
  readonly waiting: number;
  readonly skill: Skill | null;
  readonly coverage: readonly ({ readonly level: number } & Estimate)[];
  /** Error of the median over that of "the price stays the same"; below 1 is better. */
  readonly maeRatio: Estimate | null;
  readonly calls: number;
  readonly hitRate: Estimate | null;
  /** Mean of (pUp − what came)² over the calls; 0.25 is that of a coin. */
  readonly brier: number | null;
}

/** Fewer days than this say nothing of skill, however many forecasts they hold: those of a day are alike. */
export const LEAST_DAYS = 14;
const LEAST_COMPARED = 100;

/**
 * Makes the record of one horizon from its days, oldest first. Missing forecasts count as if their reference had been issued, with the mean CRPS of
 * the references that are there: they draw the skill towards 0.
 */
export function toTrackRecord(
  horizon: Horizon,
  days: readonly TrackDay[],
  { due, waiting }: { readonly due: number; readonly waiting: number },
): TrackRecord {
  const sum = (pick: (day: TrackDay) => number) => days.reduce((total, day) => total + pick(day), 0);
  const [resolved, late] = [sum((day) => day.resolved), sum((day) => day.late)];
  const missing = Math.max(0, due - sum((day) => day.regular) - waiting);
  const lag = lagDays(horizon);
  const estimate = (part: (day: TrackDay) => number, whole: (day: TrackDay) => number) =>
    ratioEstimate(days.map(part), days.map(whole), lag);
  const calls = sum((day) => day.calls);
  return {
    horizon,
    resolved,
    onTime: resolved - late,
    late,
    void: sum((day) => day.void),
    missing,
    waiting,
    skill: toSkill(horizon, days, missing),
    coverage: BANDS.flatMap((band) => {
      const share = estimate(
        (day) => day.within[band],
        (day) => day.banded,
      );
      return share ? [{ level: band / 100, ...share }] : [];
    }),
    maeRatio: estimate(
      (day) => day.absErr,
      (day) => day.absErrNaive,
    ),
    calls,
    hitRate: estimate(
      (day) => day.hits,
      (day) => day.calls,
    ),
    brier: calls > 0 ? sum((day) => day.brier) / calls : null,
  };
}

/** Returns the skill over `days`, of which `missing` forecasts are not there; null without one that has a reference. */
export function toSkill(horizon: Horizon, days: readonly TrackDay[], missing = 0): Skill | null {
  const n = days.reduce((total, day) => total + day.compared, 0);
  if (n === 0) return null;
  const counted = days.filter((day) => day.compared > 0);
  const share = ratioEstimate(
    counted.map((day) => day.crpsReference - day.crps),
    counted.map((day) => day.crpsReference * (1 + missing / n)),
    lagDays(horizon),
  );
  return share && { ...share, n, days: counted.length, verdict: toVerdict(share, n, counted.length) };
}

function toVerdict({ lower, upper }: Estimate, n: number, days: number): SkillVerdict {
  if (days < LEAST_DAYS || n < LEAST_COMPARED || lower === null || upper === null) return 'TOO_FEW';
  if (lower > 0) return 'SKILL';
  return upper < 0 ? 'WORSE' : 'NO_SKILL';
}

/** Days whose scores count as alike: those of neighbouring days are as far as their targets overlap, and a day more for storms that last. */
export function lagDays(horizon: Horizon): number {
  return Math.ceil(horizonMs(horizon) / DAY_MS) + 1;
}
