import { type EpochMs, parseIso, toIso } from '@candlecast/domain';

/** Returns why there is nothing to replay from that moment on, or undefined: it must lie between the first candle and the present. */
export function findReplayProblem(
  replayFrom: EpochMs,
  present: EpochMs | undefined,
  firstOpenTimes: readonly (string | null)[],
): string | undefined {
  if (present === undefined) return 'there are no candles yet: nothing can be replayed';
  if (replayFrom >= present) return `at ${toIso(replayFrom)} does not lie before the venue's present, ${toIso(present)}`;
  const first = firstOpenTimes.flatMap((text) => (text === null ? [] : (parseIso(text) ?? [])));
  const oldest = first.length === 0 ? undefined : (Math.min(...first) as EpochMs);
  if (oldest === undefined || replayFrom < oldest) {
    return `at ${toIso(replayFrom)} lies before the first candle${oldest === undefined ? '' : `, ${toIso(oldest)}`}`;
  }
  return undefined;
}
