import { constants, getPriority, setPriority } from 'node:os';

/** Nice steps: beside a serving thread that wants the same core, this one gets a tenth of it. */
const STEPS = 10;

/**
 * Lets the threads that serve go first, for the rest of this thread's life: what trains has hours, what serves has seconds. On Linux alone, where a
 * priority is a thread's; elsewhere it would be the process's.
 */
export function giveWay(): void {
  if (process.platform === 'linux') setPriority(Math.min(constants.priority.PRIORITY_LOW, getPriority() + STEPS));
}
