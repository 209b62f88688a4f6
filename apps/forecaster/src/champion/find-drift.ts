import { addMs, DAY_MS, type EpochMs, type TrackDay } from '@candlecast/domain';
import type { ServedHorizon } from '../features/feature-schema.ts';

/** How a champion stands at a horizon. */
export interface Drift {
  /** CRPS over the reference's; null where there is too little. */
  readonly lossRatio: number | null;
  readonly hasLostSkill: boolean;
  /** Share of prices within the bands of 90 %; null where there is too little. */
  readonly coverage90: number | null;
  readonly hasLostCoverage: boolean;
}

/** What counts as drift. The ratio is to the reference's loss, which rises with volatility as the model's does. */
interface DriftRule {
  readonly skillDays: number;
  readonly mostLossRatio: number;
  /** Standard deviation of a month's coverage of a perfect model that speaks every hour. */
  readonly monthlySd: number;
}

// Each is a false alarm in one or two windows of a hundred, measured on 38 to 40 months.
const RULES: Readonly<Record<ServedHorizon, DriftRule>> = {
  '15m': { skillDays: 7, mostLossRatio: 1, monthlySd: 0.011 },
  '30m': { skillDays: 7, mostLossRatio: 1, monthlySd: 0.011 },
  '1h': { skillDays: 7, mostLossRatio: 1, monthlySd: 0.011 },
  '2h': { skillDays: 7, mostLossRatio: 1, monthlySd: 0.012 },
  '4h': { skillDays: 30, mostLossRatio: 1, monthlySd: 0.016 },
  '6h': { skillDays: 30, mostLossRatio: 1, monthlySd: 0.02 },
  '12h': { skillDays: 30, mostLossRatio: 1.02, monthlySd: 0.028 },
  '24h': { skillDays: 30, mostLossRatio: 1.02, monthlySd: 0.039 },
};
const COVERAGE_DAYS = 14;
const MONTH_DAYS = 30;
const DEVIATIONS = 3;
/** Share of a window's days that must have been scored. */
const LEAST_SHARE = 0.8;

/** Returns how a champion stands by its days, in any order, of which those that end by `now` count. A young record is no drift. */
export function findDrift(horizon: ServedHorizon, days: readonly TrackDay[], now: EpochMs): Drift {
  const { skillDays, mostLossRatio, monthlySd } = RULES[horizon];
  const skill = newest(days, skillDays, now);
  const reference = sum(skill, 'crpsReference');
  const lossRatio = skill.length > 0 && reference > 0 ? sum(skill, 'crps') / reference : null;
  const recent = newest(days, COVERAGE_DAYS, now);
  const banded = sum(recent, 'banded');
  const coverage90 = banded > 0 ? recent.reduce((total, day) => total + day.within[90], 0) / banded : null;
  const allowed = DEVIATIONS * monthlySd * Math.sqrt(MONTH_DAYS / COVERAGE_DAYS);
  return {
    lossRatio,
    hasLostSkill: lossRatio !== null && lossRatio > mostLossRatio,
    coverage90,
    hasLostCoverage: coverage90 !== null && Math.abs(coverage90 - 0.9) > allowed,
  };
}

/** The days of the last `count` whole days before `now`; none where too few of them were scored. */
function newest(days: readonly TrackDay[], count: number, now: EpochMs): TrackDay[] {
  const to = (Math.floor(now / DAY_MS) * DAY_MS) as EpochMs;
  const found = days.filter(({ day }) => day >= addMs(to, -count * DAY_MS) && day < to);
  return new Set(found.map(({ day }) => day)).size >= LEAST_SHARE * count ? found : [];
}

function sum(days: readonly TrackDay[], column: 'crps' | 'crpsReference' | 'banded'): number {
  return days.reduce((total, day) => total + day[column], 0);
}
