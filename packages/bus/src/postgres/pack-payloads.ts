import type { LatestUpdate } from '@candlecast/domain';

/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const LIMIT_BYTES = 7_900;

/** Joins updates, one JSON line each, into as few payloads as fit the limit; an update that does not fit at all is refused. */
export function packPayloads(updates: readonly LatestUpdate[]): { payloads: string[]; refused: LatestUpdate[] } {
  const payloads: string[] = [];
  const refused: LatestUpdate[] = [];
  let lines: string[] = [];
  let sizeBytes = 0;
  for (const update of updates) {
    const line = JSON.stringify(update);
    const lineBytes = Buffer.byteLength(line) + 1;
    if (lineBytes > LIMIT_BYTES) {
      refused.push(update);
      continue;
    }
    if (sizeBytes + lineBytes > LIMIT_BYTES) {
      payloads.push(lines.join('\n'));
      lines = [];
      sizeBytes = 0;
    }
    lines.push(line);
    sizeBytes += lineBytes;
  }
  if (lines.length > 0) payloads.push(lines.join('\n'));
  return { payloads, refused };
}
