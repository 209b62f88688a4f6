import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { testDataDir } from '@candlecast/testkit';

/** Returns the frames of a recorded session in the order in which they came, each its exact text. */
export function recordedFrames(session: string): string[] {
  return recordedLines(session).map(({ text }) => text);
}

/** The same with the moment of receipt, in unix seconds as they were recorded. */
export function recordedLines(session: string): { readonly receivedAt: string; readonly text: string }[] {
  const lines = gunzipSync(readFileSync(join(testDataDir(), 'ws', `${session}.jsonl.gz`)))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => ({
    receivedAt: /"recv_ts":"([\d.]+)"/.exec(line)?.[1] ?? '',
    text: line.slice(line.indexOf('"frame":') + 8, line.lastIndexOf('}')),
  }));
}
