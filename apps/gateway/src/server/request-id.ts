import { randomUUID } from 'node:crypto';

/** Returns a new request id in one piece: Node builds a UUID of sixteen parts, each kept for as long as the id, which is 460 bytes a subscription. */
export function newRequestId(): string {
  return Buffer.from(randomUUID(), 'latin1').toString('latin1');
}
