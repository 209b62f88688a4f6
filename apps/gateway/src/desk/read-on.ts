import type { EventLog, LogEvent, LogPosition, LogTopic } from '@candlecast/domain';

const PAGE_SIZE = 1_000;

/** Where a pass over the log begins and ends. */
export interface Stretch {
  readonly from: LogPosition;
  readonly head: LogPosition;
  /** Events that were gone from the log before they could be read. */
  readonly missed: number;
}

/** What of the log is wanted; `keys` undefined for all. */
export interface DeskSelection {
  readonly topics: readonly LogTopic[];
  readonly keys: readonly string[] | undefined;
}

/** One page of a stretch. */
export interface DeskPage {
  readonly events: readonly LogEvent[];
  /** Everything up to here has been read. */
  readonly to: LogPosition;
  /** More is waiting in the stretch. */
  readonly hasMore: boolean;
}

/**
 * Returns the stretch of the log that lies after `after`. At the very first time, and when the log was made anew, it begins with the log. Whoever
 * asks for wishes after this and reads nothing beyond `head` misses nothing of a wish that is made meanwhile: it has its beginning there.
 */
export async function findStretch(log: Pick<EventLog, 'head' | 'oldest'>, after: LogPosition | undefined): Promise<Stretch> {
  const [head, oldest] = await Promise.all([log.head(), log.oldest()]);
  if (after?.epoch !== head.epoch) return { from: oldest, head, missed: 0 };
  return after.seq < oldest.seq ? { from: oldest, head, missed: oldest.seq - after.seq } : { from: after, head, missed: 0 };
}

/** Reads the first page of a stretch; without a selection the whole of it is passed over. */
export async function readOn(
  log: Pick<EventLog, 'read'>,
  { from, head }: Stretch,
  selection: DeskSelection | undefined,
): Promise<DeskPage> {
  if (!selection || from.seq >= head.seq) return { events: [], to: head, hasMore: false };
  const { topics, keys } = selection;
  const page = await log.read({ after: from, limit: PAGE_SIZE, topics, ...(keys ? { keys } : {}) });
  const events = page.filter(({ seq }) => seq <= head.seq);
  const last = events.at(-1);
  const hasMore = last !== undefined && events.length === PAGE_SIZE;
  return { events, to: hasMore ? { epoch: last.epoch, seq: last.seq } : head, hasMore };
}
