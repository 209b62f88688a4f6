/** The unmasked frames of a server's text messages, RFC 6455 section 5.2, as text of one byte a character ("latin1"). */

const FINAL_TEXT = 0x81;
const LENGTH_IN_16_BITS = 126;
const LENGTH_IN_64_BITS = 127;

/** Returns `text` as its UTF-8 bytes, one a character: its length is what it takes on the wire. */
export function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Returns what comes before a message of so many bytes. */
export function frameHeader(length: number): string {
  if (length < LENGTH_IN_16_BITS) return String.fromCharCode(FINAL_TEXT, length);
  if (length < 0x1_0000) return String.fromCharCode(FINAL_TEXT, LENGTH_IN_16_BITS, length >>> 8, length & 0xff);
  const bytes = [0, 0, 0, 0, length >>> 24, length >>> 16, length >>> 8, length]; // lengths of 4 GB and more do not occur
  return String.fromCharCode(FINAL_TEXT, LENGTH_IN_64_BITS, ...bytes.map((byte) => byte & 0xff));
}
