import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { hasTestData, testDataDir } from '@candlecast/testkit';
import { describe, expect, it } from 'vitest';
import { type Frame, parseFrame } from './parse-frame.ts';

const folder = join(testDataDir(), 'ws');
const reason = hasTestData() ? '' : ' (skipped: TEST_DATA_DIR is not there)';

describe.skipIf(!hasTestData())(`recorded frames${reason}`, () => {
  const sessions = hasTestData() ? readdirSync(folder).filter((name) => name.endsWith('.jsonl.gz')) : [];

  it.each(sessions)('of %s are all understood or refused for a stated reason', (name) => {
    const counts = new Map<string, number>();
    for (const text of framesOf(name)) {
      const frame = parseFrame(text);
      const label = frame.kind === 'refused' ? `refused: ${frame.reason}` : frame.kind;
      counts.set(label, (counts.get(label) ?? 0) + 1);
      expectSameText(frame, text);
    }
    // Depth, trades and the futures book ticker are other events than the two that are read; nothing else may be refused.
    expect([...counts.keys()].filter((label) => !['candle', 'book', 'refused: event'].includes(label))).toEqual([]);
  });
});

function framesOf(name: string): string[] {
  const lines = gunzipSync(readFileSync(join(folder, name)))
    .toString()
    .trimEnd()
    .split('\n');
  return lines.map((line) => line.slice(line.indexOf('"frame":') + 8, line.lastIndexOf('}')));
}

/** Every decimal of an understood frame stands in the frame's own text, letter by letter. */
function expectSameText(frame: Frame, text: string): void {
  if (frame.kind === 'candle') {
    const { open, high, low, close, baseVolume, quoteVolume } = frame.candle;
    const sent = `"o":"${open}","c":"${close}","h":"${high}","l":"${low}","v":"${baseVolume}"`;
    expect(text).toContain(sent);
    expect(text).toContain(`"q":"${quoteVolume}"`);
  }
  if (frame.kind === 'book') {
    expect(text).toContain(`"b":"${frame.bidPrice}","B":"${frame.bidSize}","a":"${frame.askPrice}","A":"${frame.askSize}"`);
  }
}
