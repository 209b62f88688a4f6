import { addDecimals, type Decimal, divideDecimals, multiplyDecimals, subtractDecimals } from './decimal.ts';
import type { ExternalPoint } from './external.ts';
import type { EpochMs } from './time.ts';

/** What a series says of a time between two of its points: the earlier one, or what lies on the line between them where both are known. */
export const EXTERNAL_FILLS = ['FORWARD', 'LINEAR'] as const;
export type ExternalFill = (typeof EXTERNAL_FILLS)[number];

/** A value as it was known, and the newest of the points that it is made of. */
export interface KnownValue {
  readonly value: Decimal;
  readonly eventTime: EpochMs;
  readonly knownAt: EpochMs;
}

/** How a series is read. */
export interface AsKnownOptions {
  /** FORWARD when absent. */
  readonly fill?: ExternalFill;
  /** The moment by which everything must have been known; when absent each time is told as it was known at that time itself. */
  readonly knownAt?: EpochMs;
}

/** Decimals of an interpolated value, unless its points have more. */
const LEAST_SCALE = 8;
const MOST_SCALE = 30;

/**
 * Tells what one series said of each of `times`, which are ascending: of the points known by then, in the newest version known by then,
 * the last one about a time that is not later, or the line from it to the first one about a later time. Null before the first. A point
 * counts from its `knownAt`, whatever it is about: what becomes known later changes nothing. Throws a RangeError when times go back.
 */
export function readAsKnown(
  points: readonly ExternalPoint[],
  times: readonly EpochMs[],
  { fill = 'FORWARD', knownAt }: AsKnownOptions = {},
): (KnownValue | null)[] {
  const arriving = [...points].sort((a, b) => a.knownAt - b.knownAt);
  const known: ExternalPoint[] = [];
  let arrived = 0;
  let before = Number.NEGATIVE_INFINITY;
  return times.map((time) => {
    if (time < before) throw new RangeError(`time ${time} comes after ${before}: times must not go back`);
    before = time;
    const moment = knownAt ?? time;
    for (let next = arriving[arrived]; next && next.knownAt <= moment; next = arriving[++arrived]) put(known, next);
    const after = countUpTo(known, time);
    const last = known[after - 1];
    if (!last) return null;
    const following = known[after];
    return fill === 'LINEAR' && following ? between(last, following, time) : last;
  });
}

/** Keeps `known` sorted by event time, with one version of each. */
function put(known: ExternalPoint[], point: ExternalPoint): void {
  const after = countUpTo(known, point.eventTime);
  const isRevision = known[after - 1]?.eventTime === point.eventTime;
  known.splice(isRevision ? after - 1 : after, isRevision ? 1 : 0, point);
}

/** Returns how many points are about `time` or earlier. */
function countUpTo(known: readonly ExternalPoint[], time: EpochMs): number {
  let [low, high] = [0, known.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((known[middle] as ExternalPoint).eventTime <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function between(a: ExternalPoint, b: ExternalPoint, time: EpochMs): KnownValue {
  const rise = subtractDecimals(b.value, a.value);
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, rise.length - 1 - (rise.includes('.') ? rise.indexOf('.') : rise.length - 1)));
  const part = divideDecimals(multiplyDecimals(rise, ms(time - a.eventTime)), ms(b.eventTime - a.eventTime), scale);
  const newer = a.knownAt > b.knownAt ? a : b;
  return { value: addDecimals(a.value, part), eventTime: newer.eventTime, knownAt: newer.knownAt };
}

function ms(span: number): Decimal {
  return `${span}` as Decimal;
}
