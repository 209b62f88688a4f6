import { AppError, type AsOf, type EpochMs, toIso } from '@candlecast/domain';

/** The input: exactly one of its fields is given. */
export interface AsOfArgs {
  readonly eventTime?: EpochMs | null | undefined;
  readonly knownAt?: EpochMs | null | undefined;
}

/** Returns the moment asked for, undefined for now; `BAD_USER_INPUT` for one that lies after `now`. */
export function toAsOf(args: AsOfArgs | null | undefined, now: EpochMs): AsOf | undefined {
  if (args == null) return undefined;
  const { eventTime, knownAt } = args;
  const asOf: AsOf | undefined =
    eventTime != null ? { kind: 'eventTime', at: eventTime } : knownAt != null ? { kind: 'knownAt', at: knownAt } : undefined;
  if (!asOf) throw new AppError('BAD_USER_INPUT', 'asOf needs eventTime or knownAt');
  if (asOf.at > now) throw new AppError('BAD_USER_INPUT', `asOf is ${toIso(asOf.at)}, which lies after the venue's time ${toIso(now)}`);
  return asOf;
}
