import { HOUR_MS, type Horizon, type PairedOrigin, toEpochMs } from '@candlecast/domain';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../models/random.ts';
import { type Clause, type Evidence, judgeChallenger } from './judge-challenger.ts';

const HOURS = 600;
const HORIZONS = ['1h', '2h', '4h', '6h', '24h'] as const satisfies readonly Horizon[];

/** Origins at which the challenger loses `gain` less at each horizon, but for noise. */
function pairs(gain: Partial<Record<Horizon, number>> = {}, values: Partial<PairedOrigin> = {}, hours = HOURS): PairedOrigin[] {
  const random = createRandom(3);
  return Array.from({ length: hours }, (_, hour) =>
    HORIZONS.map((horizon): PairedOrigin => {
      const firstLoss = 0.5 + 0.1 * random.normal();
      const secondLoss = firstLoss - (gain[horizon] ?? 0.02) + 0.02 * random.normal();
      const counts = { instruments: 100, firstWithin90: 90, secondWithin90: 90, secondAbsErr: 1, absErrNaive: 1 };
      return { horizon, asOf: toEpochMs(hour * HOUR_MS), firstLoss, secondLoss, ...counts, ...values };
    }),
  ).flat();
}

const sound: Evidence = { origins: pairs(), windowHours: HOURS, challengers: 1, parity: 1e-6, isRepeatable: true, bar: [] };
const judge = (values: Partial<Evidence>) => judgeChallenger({ ...sound, ...values });

describe('judgeChallenger', () => {
  it('promotes one that fulfils every clause, and says by which numbers', () => {
    const verdict = judge({});
    expect(verdict).toMatchObject({ isPromoted: true, failed: [], isBetterThanBar: null });
    expect(verdict.figures).toMatchObject({
      origins: HOURS,
      challengers: 1,
      pRequired: 0.05,
      coverage90Challenger: 0.9,
      maeRatioWorst: 1,
      repeatable: 1,
    });
    expect(verdict.figures.lossChallenger).toBeLessThan(verdict.figures.lossChampion ?? 0);
    expect(verdict.figures.p).toBeLessThan(0.001);
  });

  it.each<[string, Partial<Evidence>, Clause[]]>([
    ['(a) an equal one', { origins: pairs({ '1h': 0, '2h': 0, '4h': 0, '6h': 0, '24h': 0 }) }, ['a']],
    ['(a) a worse one', { origins: pairs({ '1h': -0.02, '2h': -0.02, '4h': -0.02, '6h': -0.02, '24h': -0.02 }) }, ['a', 'b']],
    ['(b) one that is better in the mean and worse at a horizon', { origins: pairs({ '24h': -0.02 }) }, ['b']],
    ['(c) one whose coverage is further off by more than a point', { origins: pairs({}, { secondWithin90: 88 }) }, ['c']],
    ['(d) one whose point forecast is behind the last price', { origins: pairs({}, { secondAbsErr: 1.001 }) }, ['d']],
    ['(e) one whose file is not what was trained', { parity: 2e-5 }, ['e']],
    ['(e) one of which nobody has looked', { parity: null }, ['e']],
    ['(e) one that does not come out the same', { isRepeatable: false }, ['e']],
    ['one of too few hours', { origins: pairs({}, {}, HOURS * 0.79) }, ['enough']],
    ['nothing at all', { origins: [] }, ['enough', 'a']],
  ])('refuses %s', (_, values, failed) => {
    const verdict = judge(values);
    expect(verdict.failed).toEqual(failed);
    expect(verdict.isPromoted).toBe(false);
  });

  it('allows a point of coverage, and any that comes closer', () => {
    expect(judge({ origins: pairs({}, { secondWithin90: 91 }) }).isPromoted).toBe(true);
    expect(judge({ origins: pairs({}, { firstWithin90: 80, secondWithin90: 85 }) }).isPromoted).toBe(true);
  });

  it('asks for more where more challengers were tried', () => {
    const slight = pairs({ '1h': 0.002, '2h': 0.002, '4h': 0.002, '6h': 0.002, '24h': 0.002 });
    const alone = judge({ origins: slight });
    expect(alone.figures.p).toBeLessThan(0.05);
    expect(alone.isPromoted).toBe(true);
    const tried = Math.ceil(0.05 / (alone.figures.p ?? 1)) + 1;
    expect(judge({ origins: slight, challengers: tried })).toMatchObject({ isPromoted: false, failed: ['a'] });
  });

  it('(f) labels it by whether it beats HAR-S, and does not refuse it for that', () => {
    expect(judge({ bar: pairs() })).toMatchObject({ isPromoted: true, isBetterThanBar: true });
    expect(judge({ bar: pairs({ '1h': -0.02, '2h': -0.02, '4h': -0.02, '6h': -0.02 }) })).toMatchObject({
      isPromoted: true,
      isBetterThanBar: false,
    });
  });
});
