import type { Decimal } from './decimal.ts';
import type { EpochMs } from './time.ts';

/** A value from outside, such as an index of sentiment: what it says about `eventTime`, as it could first be known at `knownAt`. */
export interface ExternalPoint {
  readonly key: string;
  readonly eventTime: EpochMs;
  readonly knownAt: EpochMs;
  readonly value: Decimal;
}

const SERIES_KEY_PATTERN = /^[a-z][a-z0-9_]{0,29}(\.[a-z0-9_]{1,30}){0,2}$/;

/** Tells whether `text` can be the key of a series: words of small letters, digits and `_`, at most three, with dots between. */
export function isSeriesKey(text: string): boolean {
  return SERIES_KEY_PATTERN.test(text);
}
