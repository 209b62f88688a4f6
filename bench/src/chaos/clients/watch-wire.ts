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
export function watchWire(onFault: (fault: string) => void): WireWatch {
  const reached = new Map<string, number>();
  return {
    sent(message) {
      const after = AFTER.exec(message)?.[1];
      const id = ID.exec(message)?.[1];
      if (id !== undefined && message.includes('"type":"subscribe"')) reached.set(id, after === undefined ? 0 : toSeq(after));
    },
    received(message) {
      const id = ID.exec(message)?.[1];
      const cursor = DURABLE.test(message) ? CURSOR.exec(message)?.[1] : undefined;
      if (id === undefined || cursor === undefined) return;
      const seq = toSeq(cursor);
      const last = reached.get(id) ?? 0;
      if (seq <= last) onFault(`the gateway sent the event at ${seq} after ${last}`);
      reached.set(id, seq);
    },
  };
}
