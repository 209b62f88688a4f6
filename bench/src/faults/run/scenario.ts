import * as fc from 'fast-check';
import { SHOTS } from '../shots/all-shots.ts';
import { FAULT_CLASSES, type FaultClass, type ShotKind } from '../shots/shot.ts';

/** One fault of a scenario. */
export interface PlannedShot {
  readonly kind: ShotKind;
  readonly parameters: unknown;
  /** Milliseconds after the start of the scenario. */
  readonly afterMs: number;
}

/** What goes wrong under one seed. */
export interface Scenario {
  readonly seed: number;
  readonly class: FaultClass;
  readonly shots: readonly PlannedShot[];
}

/** How often each class occurs in 200 seeds in a row: the shares of the matrix, made up to 200. */
export const SHARES: Readonly<Record<FaultClass, number>> = {
  F1: 28,
  F4: 14,
  F5: 10,
  F6: 34,
  F7: 20,
  F8: 28,
  F9: 22,
  F10: 10,
  F11: 12,
  F12: 6,
  F13: 7,
  F15: 2,
  F16: 2,
  F17: 5,
};

/** Seeds after which the classes come in the same order again. */
export const CYCLE = 200;
const DECK = shuffle(FAULT_CLASSES.flatMap((name) => Array.from({ length: SHARES[name] }, () => name)));

/** Returns the scenario of a seed, always the same. Kinds of a class take turns, so that each comes early. */
export function planScenario(seed: number): Scenario {
  const place = (seed - 1) % CYCLE;
  const faultClass = DECK[place] ?? 'F6';
  if (faultClass === 'F17') return { seed, class: faultClass, shots: drawCombination(seed) };
  const kinds = SHOTS.filter((kind) => kind.class === faultClass);
  const turn = Math.floor((seed - 1) / CYCLE) * SHARES[faultClass] + DECK.slice(0, place).filter((name) => name === faultClass).length;
  const kind = kinds[turn % kinds.length];
  if (!kind) throw new Error(`there is no fault of class ${faultClass}`);
  return { seed, class: faultClass, shots: [{ kind, parameters: drawParameters(kind, seed), afterMs: 0 }] };
}

/** Writes a scenario as a line for people. */
export function describeScenario({ class: faultClass, shots }: Scenario): string {
  const parts = shots.map(
    ({ kind, parameters, afterMs }) => `${kind.name} ${JSON.stringify(parameters)}${afterMs > 0 ? ` after ${afterMs} ms` : ''}`,
  );
  return `${faultClass}: ${parts.join(' + ')}`;
}

/** Two to four faults that lay hands on different things and overlap. */
function drawCombination(seed: number): PlannedShot[] {
  const [draw] = fc.sample(
    fc.record({
      order: fc.shuffledSubarray([...SHOTS], { minLength: SHOTS.length }),
      wanted: fc.integer({ min: 2, max: 4 }),
      gaps: fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 4, maxLength: 4 }),
    }),
    { seed, numRuns: 1 },
  );
  const chosen: ShotKind[] = [];
  for (const kind of draw?.order ?? []) {
    const isFree = kind.holds.every((hold) => !chosen.some((other) => other.holds.includes(hold)));
    if (isFree && chosen.length < (draw?.wanted ?? 2)) chosen.push(kind);
  }
  return chosen.map((kind, index) => ({ kind, parameters: drawParameters(kind, seed + index), afterMs: draw?.gaps[index] ?? 0 }));
}

function drawParameters(kind: ShotKind, seed: number): unknown {
  const [parameters] = fc.sample(kind.parameters, { seed, numRuns: 1 });
  return parameters;
}

/** The same order in every run. */
function shuffle<T>(items: readonly T[]): T[] {
  const [order] = fc.sample(fc.shuffledSubarray([...items], { minLength: items.length }), { seed: 17, numRuns: 1 });
  return order ?? [...items];
}
