import {
  addMs,
  type Candle,
  closeTimeOf,
  type EpochMs,
  floorToInterval,
  foldCandles,
  type Interval,
  type KnownGap,
  type KnownMinute,
  MINUTE_MS,
  type TimeRange,
} from '@candlecast/domain';

/** A closed or corrected candle of the replayed interval. */
export interface SeriesEvent {
  readonly kind: 'closed' | 'corrected';
  readonly candle: Candle;
}

/** How a series stood when its replay begins. */
export interface SeriesStart {
  /** Up to here nothing was missing; undefined when nothing was known. */
  readonly front: EpochMs | undefined;
  /** Known minutes of the buckets that were not closed, oldest first. */
  readonly minutes: readonly KnownVersion[];
  /** Recorded gaps that reach beyond the front. */
  readonly excused: readonly TimeRange[];
}

/** A minute and when it became known in the replay. */
export type KnownVersion = Pick<KnownMinute, 'time' | 'candle'>;

/**
 * One series as it became known. Roll-ups are folded from the minutes known by then: a bucket closes when nothing before its end is missing, recorded
 * gaps aside, as the log has it. Pure state but for `loadMinutes`, which is asked for a bucket that is corrected after it closed.
 */
export interface Series {
  accept(minute: KnownMinute): Promise<SeriesEvent[]>;
  /** Minutes that will not come no longer hold up the buckets behind them. */
  excuse(gap: KnownGap): SeriesEvent[];
  /** Minutes of the newest bucket that is not closed, oldest first. */
  openMinutes(): readonly KnownVersion[];
}

/** While a minute is missing the ones behind it wait, but not for ever. */
const MOST_WAITING = 20_000;

/** Returns a series at its start. `loadMinutes` gives the minutes of a range as they were known at a time, oldest first. */
export function createSeries(
  interval: Interval,
  liveSince: EpochMs | null,
  start: SeriesStart,
  loadMinutes: (range: TimeRange, knownAt: EpochMs) => Promise<readonly Candle[]>,
): Series {
  let front = start.front;
  let excused = [...start.excused];
  const waiting = new Set<EpochMs>();
  const known = new Map<EpochMs, KnownVersion>();
  for (const version of start.minutes) {
    known.set(version.candle.openTime, version);
    if (front === undefined || version.candle.openTime > front) waiting.add(version.candle.openTime);
  }

  /** Moves the front over what is there or excused; returns the buckets whose ends it has passed. */
  function advance(atLeast?: EpochMs): SeriesEvent[] {
    if (front === undefined) return [];
    let reached = Math.max(front, atLeast ?? front) as EpochMs;
    // It stops at a minute that is there: an excused one is passed when one behind it has come.
    for (let next = addMs(reached, MINUTE_MS); ; ) {
      const time = next;
      const gap = excused.find(({ from, to }) => from <= time && time < to);
      if (waiting.has(time)) {
        reached = time;
        next = addMs(time, MINUTE_MS);
      } else if (gap) next = gap.to;
      else if (waiting.size > MOST_WAITING) next = Math.min(...[...waiting].filter((each) => each > reached)) as EpochMs;
      else break;
      if (!Number.isFinite(next)) break;
    }
    if (reached === front) return [];
    const closed = closeBuckets(front, reached);
    front = reached;
    for (const time of waiting) if (time <= reached) waiting.delete(time);
    excused = excused.filter(({ to }) => to > reached + MINUTE_MS);
    return closed;
  }

  function closeBuckets(before: EpochMs, after: EpochMs): SeriesEvent[] {
    const events: SeriesEvent[] = [];
    const open = floorToInterval(addMs(after, MINUTE_MS), interval);
    if (open === floorToInterval(addMs(before, MINUTE_MS), interval)) return events;
    if (interval !== '1m') {
      const buckets = [...new Set([...known.keys()].map((time) => floorToInterval(time, interval)))].sort((a, b) => a - b);
      for (const bucket of buckets) {
        const end = closeTimeOf(bucket, interval);
        if (end > addMs(after, MINUTE_MS) || end <= addMs(before, MINUTE_MS)) continue;
        events.push({ kind: 'closed', candle: rollUp(bucket, minutesOf(bucket)) });
      }
    }
    for (const time of known.keys()) if (time < open) known.delete(time);
    return events;
  }

  function minutesOf(bucket: EpochMs): Candle[] {
    const end = closeTimeOf(bucket, interval);
    return [...known.values()].map(({ candle }) => candle).filter(({ openTime }) => openTime >= bucket && openTime < end);
  }

  function rollUp(bucket: EpochMs, unsorted: readonly Candle[]): Candle {
    const minutes = [...unsorted].sort((a, b) => a.openTime - b.openTime);
    return {
      ...foldCandles(bucket, minutes),
      isClosed: true,
      revision: minutes.reduce((sum, { revision }) => sum + revision, 0),
      knownAt: minutes.reduce((newest, { knownAt }) => Math.max(newest, knownAt), 0) as EpochMs,
      reconstructed: liveSince === null || bucket < liveSince,
    };
  }

  async function correct({ candle, time }: KnownMinute): Promise<SeriesEvent[]> {
    if (interval === '1m') return [{ kind: 'corrected', candle }];
    const bucket = floorToInterval(candle.openTime, interval);
    const range = { from: bucket, to: closeTimeOf(bucket, interval) };
    if (front === undefined || range.to > addMs(front, MINUTE_MS)) return []; // it is not closed yet
    const minutes = new Map((await loadMinutes(range, time)).map((minute) => [minute.openTime, minute]));
    minutes.set(candle.openTime, candle); // of several versions of this moment, this one
    return [{ kind: 'corrected', candle: rollUp(bucket, [...minutes.values()]) }];
  }

  return {
    async accept(minute) {
      const { candle, time } = minute;
      const { openTime } = candle;
      front ??= addMs(candle.reconstructed || liveSince === null ? openTime : liveSince, -MINUTE_MS);
      const isBehind = openTime <= front;
      if (!isBehind || openTime >= floorToInterval(addMs(front, MINUTE_MS), interval)) known.set(openTime, { candle, time });
      if (isBehind) return correct(minute);
      const isNew = !waiting.has(openTime);
      waiting.add(openTime);
      const own: SeriesEvent[] = interval === '1m' ? [{ kind: isNew ? 'closed' : 'corrected', candle }] : [];
      // Before the first live minute nothing is missed: what history lacks nobody waited for.
      const atLeast = candle.reconstructed ? openTime : liveSince === null ? undefined : addMs(liveSince, -MINUTE_MS);
      return [...own, ...advance(atLeast)];
    },
    excuse({ from, to, reason, isResolved }) {
      if (isResolved || reason === 'PENDING') return [];
      excused.push({ from, to });
      return advance();
    },
    openMinutes() {
      const newest = Math.max(...known.keys());
      const bucket = Number.isFinite(newest) ? floorToInterval(newest as EpochMs, interval) : 0;
      return [...known.values()].filter(({ candle }) => candle.openTime >= bucket).sort((a, b) => a.candle.openTime - b.candle.openTime);
    },
  };
}
