import type { EventLog, LogEvent, LogPosition } from '@candlecast/domain';
import { EPOCH } from './market.ts';

/** A log in memory behind the port of the real one, so that a bench measures the gateway and not the database. Positions begin at 1, without holes. */
export function createArrayLog(): EventLog & { append(event: LogEvent): void; nextSeq(): number } {
  const events: LogEvent[] = [];
  let wake: (() => void) | undefined;
  const position = (seq: number): LogPosition => ({ epoch: EPOCH, seq });
  return {
    append(event) {
      events.push(event);
      wake?.();
    },
    nextSeq: () => events.length + 1,
    head: async () => position(events.length),
    oldest: async () => position(0),
    async read({ after, limit, topics, keys }) {
      const found: LogEvent[] = [];
      for (let index = after.seq; index < events.length && found.length < limit; index++) {
        const event = events[index];
        if (event && (!topics || topics.includes(event.topic)) && (!keys || keys.includes(event.key))) found.push(event);
      }
      return found;
    },
    async *follow(after, signal) {
      signal.addEventListener('abort', () => wake?.(), { once: true });
      for (let next = after.seq; !signal.aborted; ) {
        const event = events[next];
        if (event) {
          next += 1;
          yield event;
          continue;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}
