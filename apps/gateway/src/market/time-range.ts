import { ALL_TIME, AppError, addMs, type EpochMs, type TimeRange } from '@candlecast/domain';

/** Returns the range asked for, everything where an end is not given; `BAD_USER_INPUT` for one turned around. */
export function toTimeRange(from: EpochMs | null | undefined, to: EpochMs | null | undefined): TimeRange {
  const range = { from: from ?? ALL_TIME.from, to: to ?? addMs(ALL_TIME.to, -1) };
  if (range.from > range.to) throw new AppError('BAD_USER_INPUT', 'from lies after to');
  return range;
}

/** Returns the part of `range` behind a moment `after` and before a moment `before`, both left out. */
export function behind(range: TimeRange, after: EpochMs | undefined, before: EpochMs | undefined): TimeRange {
  const from = after === undefined || after < range.from ? range.from : addMs(after, 1);
  const to = before === undefined || before > range.to ? range.to : before;
  return { from, to: to < from ? from : to };
}
