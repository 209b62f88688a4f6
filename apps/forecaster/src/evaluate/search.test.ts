import { describe, expect, it } from 'vitest';
import { findModel } from './find-model.ts';
import { findTrial, rankTrials, trialNames } from './search.ts';

describe('the search', () => {
  it('draws each trial by its number, within bounds, and different ones', () => {
    const trials = trialNames(40).map(findTrial);
    expect(trialNames(40).map(findTrial)).toEqual(trials);
    expect(new Set(trials.map((trial) => JSON.stringify(trial))).size).toBe(40);
    for (const trial of trials) {
      expect(trial?.learningRate).toBeGreaterThanOrEqual(3e-5);
      expect(trial?.learningRate).toBeLessThanOrEqual(1e-3);
      expect([16, 24, 32, 48]).toContain(trial?.units);
    }
    expect(findTrial('har-s')).toBeUndefined();
  });

  it('finds trials as models, and ranks them by validation loss alone', () => {
    expect(findModel('search-3')?.name).toBe('search-3');
    const net = (validationLoss: number) => ({ nets: [{ validationLoss, baselineLoss: 0.3, bestEpoch: 2 }] });
    const ranked = rankTrials(
      new Map<string, Record<string, unknown>>([
        ['search-1', net(0.29)],
        ['search-2', net(0.28)],
        ['har-s', {}],
      ]),
    );
    expect(ranked.map(({ name }) => name)).toEqual(['search-2', 'search-1']);
    expect(ranked[0]).toMatchObject({ ...findTrial('search-2'), validationLoss: 0.28, baselineLoss: 0.3 });
  });
});
