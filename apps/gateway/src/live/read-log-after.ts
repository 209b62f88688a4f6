import { AppError, type EventLog, type LogEvent, type LogPosition, type LogTopic, parseStreamCursor } from '@candlecast/domain';
import type { SubscriberQueue } from './subscriber-queue.ts';

const PAGE_SIZE = 500;

/** What of the log a subscription wants. */
export interface LogSelection {
  readonly topics: readonly LogTopic[];
  readonly keys: readonly string[];
}

/**
 * Reads a cursor that a client resumes from. Throws `CURSOR_INVALID` for anything that is not a stream cursor of the past,
 * `CURSOR_EPOCH_MISMATCH` for one of another log, `CURSOR_EXPIRED` for one that the log no longer reaches back to.
 */
export async function loadResumePosition(log: EventLog, cursor: string): Promise<LogPosition> {
  const parsed = parseStreamCursor(cursor);
  if (!parsed.ok) throw parsed.error;
  const after = parsed.value;
  const [head, oldest] = await Promise.all([log.head(), log.oldest()]);
  if (after.epoch !== head.epoch) {
    throw new AppError('CURSOR_EPOCH_MISMATCH', 'the cursor belongs to another log: take a snapshot and go on from there');
  }
  if (after.seq < oldest.seq) throw expired();
  if (after.seq > head.seq) throw new AppError('CURSOR_INVALID', `cursor "${cursor}" lies in the future`);
  return after;
}

/**
 * Yields the selected events after `after` from the stored log, at the reader's pace, until the queue can take over: when it ends,
 * everything that is not yet in the queue has been yielded. The queue must be listening to the hub already; what it
 * misses meanwhile is read here too. Events that are in both carry the same position: the caller drops the second.
 */
export async function* readLogAfter(
  log: EventLog,
  selection: LogSelection,
  after: LogPosition,
  queue: SubscriberQueue,
): AsyncGenerator<LogEvent, void, undefined> {
  let position = after;
  do {
    queue.rewind();
    for (;;) {
      const page = await log.read({ after: position, limit: PAGE_SIZE, ...selection });
      for (const event of page) {
        yield event;
        position = event;
      }
      if (page.length < PAGE_SIZE) break;
    }
  } while (queue.isBehind());
  // The front of the log may have been removed while it was read here.
  if ((await log.oldest()).seq > after.seq) throw expired();
}

function expired(): AppError {
  return new AppError('CURSOR_EXPIRED', 'the log no longer reaches back to the cursor: take a snapshot and go on from there');
}
