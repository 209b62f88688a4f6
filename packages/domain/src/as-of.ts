import type { EpochMs } from './time.ts';

/** A moment of the past from which to look: at what had happened by then, or at what was known by then. */
export type AsOf = { readonly kind: 'eventTime' | 'knownAt'; readonly at: EpochMs };
