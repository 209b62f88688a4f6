import { setTimeout as delay } from 'node:timers/promises';
import type { Arbitrary } from 'fast-check';
import type { World } from '../world/world.ts';

/** The faults of the matrix that are about ingest and store. */
export const FAULT_CLASSES = ['F1', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11', 'F12', 'F13', 'F15', 'F16', 'F17'] as const;
export type FaultClass = (typeof FAULT_CLASSES)[number];

/** What a fault lays hands on: two faults on the same thing do not overlap. */
export type Hold = 'process' | 'database' | 'database line' | 'stream' | 'requests' | 'clock' | 'market';

/** One way for things to go wrong. */
export interface ShotKind<P = unknown> {
  readonly name: string;
  readonly class: Exclude<FaultClass, 'F17'>;
  readonly holds: readonly Hold[];
  readonly parameters: Arbitrary<P>;
  /** The exchange itself says something else later: corrections are then right. */
  readonly restates?: boolean;
  /** Why it cannot be done here, or undefined. */
  readonly obstacle?: (world: World) => string | undefined;
  /** Does it, waits until it has struck and is over, and returns how many events it hit. */
  fire(world: World, parameters: P): Promise<number>;
}

/** Keeps the parameters' type with the kind. */
export function shotKind<P>(kind: ShotKind<P>): ShotKind<unknown> {
  return kind as ShotKind<unknown>;
}

/** More than the 32 s for which a half-open way to the database can keep its prey from another fault. */
const HIT_CAP_MS = 60_000;

/** Waits until something was hit and returns how often; after `capMs` milliseconds it returns what there is. */
export async function untilHit(hits: () => number | Promise<number>, wanted = 1, capMs = HIT_CAP_MS): Promise<number> {
  const deadline = performance.now() + capMs;
  for (;;) {
    const count = await hits();
    if (count >= wanted || performance.now() > deadline) return count;
    await delay(20);
  }
}

/** Waits until a condition holds; throws with `what` after a minute. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, capMs = 60_000): Promise<void> {
  const deadline = performance.now() + capMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited ${capMs / 1_000} s in vain: ${what}`);
    await delay(20);
  }
}
