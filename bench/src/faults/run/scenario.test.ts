import { describe, expect, it } from 'vitest';
import { SHOTS } from '../shots/all-shots.ts';
import { FAULT_CLASSES } from '../shots/shot.ts';
import { CYCLE, describeScenario, planScenario, SHARES } from './scenario.ts';

const ONE_CYCLE = Array.from({ length: CYCLE }, (_, index) => planScenario(index + 1));

describe('planScenario', () => {
  it('plans the same for the same seed', () => {
    for (const seed of [1, 7, 200, 1_234]) expect(describeScenario(planScenario(seed))).toBe(describeScenario(planScenario(seed)));
  });

  it('has every class in any 200 seeds in a row, as often as its share says', () => {
    for (const first of [1, 57, 901]) {
      const classes = Array.from({ length: CYCLE }, (_, index) => planScenario(first + index).class);
      for (const name of FAULT_CLASSES) expect(classes.filter((other) => other === name)).toHaveLength(SHARES[name]);
    }
  });

  it('has every kind of fault within 200 seeds, but for classes with more kinds than seeds', () => {
    const fired = new Set(ONE_CYCLE.filter(({ shots }) => shots.length === 1).flatMap(({ shots }) => shots.map(({ kind }) => kind.name)));
    expect(SHOTS.filter(({ name }) => !fired.has(name)).map(({ name }) => name)).toEqual([]);
  });

  it('combines two to four faults that do not lay hands on the same thing', () => {
    for (const { shots } of ONE_CYCLE.filter((scenario) => scenario.class === 'F17')) {
      expect(shots.length).toBeGreaterThanOrEqual(2);
      expect(shots.length).toBeLessThanOrEqual(4);
      const holds = shots.flatMap(({ kind }) => kind.holds);
      expect(new Set(holds).size).toBe(holds.length);
    }
  });
});
