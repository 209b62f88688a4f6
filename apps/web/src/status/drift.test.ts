import { describe, expect, it } from 'vitest';
import { driftState, driftText } from './drift.ts';

describe('drift', () => {
  it.each([
    ['too little was scored', { alarms: [], lossRatio: null, coverage90: null }, 'TOO_FEW', 'too few to tell'],
    ['bands are known', { alarms: [], lossRatio: null, coverage90: 0.9 }, 'HOLDS', 'holds'],
    ['the loss is known', { alarms: [], lossRatio: 1.2, coverage90: null }, 'HOLDS', 'holds'],
    ['there are gaps, and nothing else is known', { alarms: ['GAPS'], lossRatio: null, coverage90: null }, 'ALARM', 'gaps'],
    [
      'all is lost',
      { alarms: ['SKILL', 'COVERAGE', 'CLIPPED'], lossRatio: 1.2, coverage90: 0.5 },
      'ALARM',
      'worse than the reference, bands off, unlike its training',
    ],
  ] as const)('where %s', (_, { alarms, ...check }, state, text) => {
    expect(driftState({ alarms: [...alarms], ...check })).toBe(state);
    expect(driftText({ alarms: [...alarms], ...check })).toBe(text);
  });
});
