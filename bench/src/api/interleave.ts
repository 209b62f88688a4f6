import { milliseconds } from '../measure/timing.ts';

/** One way to get the same thing. */
export interface Candidate {
  readonly name: string;
  run(round: number): Promise<unknown>;
}

/** The first rounds make plans, compile code and fill caches. */
const WARM_UP = 150;

/** Runs every candidate once a round, in a different order each time, so that whatever else the machine does meets all of them. Milliseconds by name. */
export async function interleave(candidates: readonly Candidate[], rounds: number): Promise<Map<string, number[]>> {
  const times = new Map<string, number[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < WARM_UP + rounds; round++) {
    for (let turn = 0; turn < candidates.length; turn++) {
      const candidate = candidates[(round + turn) % candidates.length];
      if (!candidate) continue;
      const taken = await milliseconds(() => candidate.run(round));
      if (round >= WARM_UP) times.get(candidate.name)?.push(taken);
    }
  }
  return times;
}
