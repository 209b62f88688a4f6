import type { SeedResult } from './run-seed.ts';
import { describeScenario, planScenario } from './scenario.ts';

/** Returns the result of a seed of which nothing could be said: the harness itself, or what it stands on, failed. */
export function brokenResult(seed: number, reason: string): SeedResult {
  const scenario = planScenario(seed);
  return {
    seed,
    class: scenario.class,
    scenario: describeScenario(scenario),
    status: 'failed',
    strikes: [],
    recoveryMs: 0,
    wallMs: 0,
    compared: 0,
    found: [reason],
  };
}
