// How many recorded frames a core reads and checks in a second: `node --import tsx apps/ingest/src/testing/parse-rate.ts FOLDER`.
// Prints JSON: frames a second by what they were, and of the whole mix as it was recorded.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseFrame } from '../binance/parse-frame.ts';

const MEASURE_MS = 2_000;
const KINDS = ['candle', 'book', 'trade', 'depth'];

const [folder = '.'] = process.argv.slice(2);
const understood = new Map<string, Buffer[]>(KINDS.map((kind) => [kind, []]));
const mix: Buffer[] = [];
for (const name of readdirSync(folder).filter((file) => file.endsWith('.jsonl.gz'))) {
  for (const line of gunzipSync(readFileSync(join(folder, name)))
    .toString()
    .trimEnd()
    .split('\n')) {
    const text = line.slice(line.indexOf('"frame":') + 8, line.lastIndexOf('}'));
    const frames = understood.get(parseFrame(text).kind);
    if (!frames) continue;
    frames.push(Buffer.from(text));
    mix.push(Buffer.from(text));
  }
}
const rates = [...understood, ['mix', mix] as const].filter(([, frames]) => frames.length > 0);
console.log(
  JSON.stringify(Object.fromEntries(rates.map(([kind, frames]) => [kind, { frames: frames.length, perSecond: measure(frames) }]))),
);

/** As a connection does it: bytes to text to values. */
function measure(frames: readonly Buffer[]): number {
  read(frames); // warm
  const startedAt = performance.now();
  let count = 0;
  while (performance.now() - startedAt < MEASURE_MS) count += read(frames);
  return Math.round(count / ((performance.now() - startedAt) / 1_000));
}

function read(frames: readonly Buffer[]): number {
  for (const frame of frames) if (parseFrame(frame.toString()).kind === 'refused') throw new Error(`refused: ${frame}`);
  return frames.length;
}
