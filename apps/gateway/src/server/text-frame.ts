/** The unmasked frames of a server's text messages, RFC 6455 section 5.2. */

const FINAL_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** One message in two parts of UTF-8: what differs from connection to connection, and what is shared. */
export interface TextMessage {
  readonly head: Buffer;
  readonly body: Buffer;
}

/** Returns how many bytes the frame of a message takes. */
export function frameBytes({ head, body }: TextMessage): number {
  const length = head.length + body.length;
  return length + (length < LENGTH_IN_16_BITS ? 2 : length < 0x1_0000 ? 4 : 10);
}

/** Writes the frame of a message at `offset` and returns where it ends. */
export function writeFrame(into: Buffer, offset: number, { head, body }: TextMessage): number {
  const length = head.length + body.length;
  let at = offset;
  into[at++] = FINAL_TEXT;
  if (length < LENGTH_IN_16_BITS) {
    into[at++] = length;
  } else if (length < 0x1_0000) {
    into[at++] = LENGTH_IN_16_BITS;
    at = into.writeUInt16BE(length, at);
  } else {
    into[at++] = LENGTH_IN_64_BITS;
    at = into.writeBigUInt64BE(BigInt(length), at);
  }
  at += head.copy(into, at);
  return at + body.copy(into, at);
}
