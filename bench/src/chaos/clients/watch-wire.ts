import { toSeq } from './stream-record.ts';

/** Sees what goes over one socket: a client drops what comes twice, and would hide that a gateway sends it. */
export interface WireWatch {
  sent(message: string): void;
  received(message: string): void;
}

const AFTER = /"after":"([\w-]+)"/;
const ID = /"id":"([^"]+)"/;
const DURABLE = /"__typename":"(?:CandleClosed|CandleCorrection|StreamGap)"/;
const CURSOR = /"cursor":"([\w-]+)"/;

/** Returns a watch that tells when an operation is sent an event at or before its cursor, or one that it was sent before. */
export function watchWire(onFault: (fault: string) => void, note: (what: string) => void = () => undefined): WireWatch {
  const counts = new Map<string, number>();
  const reached = new Map<string, number>();
  return {
    sent(message) {
      const after = AFTER.exec(message)?.[1];
      const id = ID.exec(message)?.[1];
      if (id !== undefined && message.includes('"type":"subscribe"')) {
        reached.set(id, after === undefined ? 0 : toSeq(after));
        note(`${id.slice(0, 4)} subscribes after ${after === undefined ? 'nothing' : toSeq(after)}`);
      }
    },
    received(message) {
      const id = ID.exec(message)?.[1];
      if (id !== undefined && message.includes('StreamHeartbeat'))
        note(
          `${id.slice(0, 4)} heartbeat at ${toSeq(CURSOR.exec(message)?.[1] ?? '')} after ${counts.get(id) ?? 0} events, last ${reached.get(id)}`,
        );
      else if (!message.includes('"type":"next"')) note(message.slice(0, 120));
      const cursor = DURABLE.test(message) ? CURSOR.exec(message)?.[1] : undefined;
      if (id === undefined || cursor === undefined) return;
      const seq = toSeq(cursor);
      if (!counts.has(id)) note(`${id.slice(0, 4)} first event ${seq}`);
      counts.set(id, (counts.get(id) ?? 0) + 1);
      const last = reached.get(id) ?? 0;
      if (seq <= last) onFault(`the gateway sent the event at ${seq} after ${last}`);
      reached.set(id, seq);
    },
  };
}
