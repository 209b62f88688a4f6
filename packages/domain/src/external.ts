import type { Decimal } from './decimal.ts';
import type { EpochMs } from './time.ts';

/** A value from outside, such as an index of sentiment: what it says about `eventTime`, as it could first be known at `knownAt`. */
export interface ExternalPoint {
  readonly key: string;
  readonly eventTime: EpochMs;
  readonly knownAt: EpochMs;
  readonly value: Decimal;
}
