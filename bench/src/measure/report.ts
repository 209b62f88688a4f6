/** What is aimed at; `floor` where another than the usual one is meant. */
export type Goal = ({ readonly atLeast: number } | { readonly atMost: number }) & { readonly floor?: number };

/** A figure with its aim. The floor is 70 % of a goal that is to be exceeded and 140 % of one that is to be undercut. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Left out for figures that only stand beside others. */
  readonly goal?: Goal;
}

/** Prints figures as they come and remembers whether one lies below its floor. */
export interface Report {
  section(title: string): void;
  figure(figure: Figure): void;
  /** Says why something was not measured. */
  skip(what: string, why: string): void;
  /** 1 when a figure lies below its floor, else 0. */
  exitCode(): 0 | 1;
}

const FLOOR_OF_HIGHER = 0.7;
const FLOOR_OF_LOWER = 1.4;

/** Returns a report on standard output. */
export function createReport(): Report {
  let isMissed = false;
  return {
    section: (title) => console.log(`\n${title}`),
    figure({ what, value, unit, goal }) {
      const verdict = goal === undefined ? '' : judge(value, goal);
      isMissed ||= verdict.startsWith('BELOW FLOOR');
      console.log(`  ${what.padEnd(66)} ${format(value).padStart(11)} ${unit.padEnd(8)} ${verdict}`.trimEnd());
    },
    skip: (what, why) => console.log(`  ${what.padEnd(66)} not measured: ${why}`),
    exitCode: () => (isMissed ? 1 : 0),
  };
}

function judge(value: number, goal: Goal): string {
  if ('atLeast' in goal) {
    const text = `goal ≥ ${format(goal.atLeast)}`;
    if (value >= goal.atLeast) return `ok       ${text}`;
    return `${value >= (goal.floor ?? goal.atLeast * FLOOR_OF_HIGHER) ? 'missed  ' : 'BELOW FLOOR'} ${text}`;
  }
  const text = `goal ≤ ${format(goal.atMost)}`;
  if (value <= goal.atMost) return `ok       ${text}`;
  return `${value <= (goal.floor ?? goal.atMost * FLOOR_OF_LOWER) ? 'missed  ' : 'BELOW FLOOR'} ${text}`;
}

function format(value: number): string {
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en-GB');
  return value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);
}
