import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CandleValues } from '@candlecast/domain';
import { afterAll, describe, expect, it } from 'vitest';
import { hashFile, parseChecksum, verifyFile } from './file-checksum.ts';
import { emptyTally, readMinuteBatches } from './read-minute-batches.ts';

const dir = mkdtempSync(join(tmpdir(), 'minute-batches-'));
afterAll(() => rmSync(dir, { recursive: true }));

const START = 1_518_168_480_000;

function row(offsetMs: number, values: { o?: string; h?: string; l?: string; c?: string; v?: string; n?: number } = {}): string {
  const { o = '2', h = '4', l = '1', c = '3', v = '1.50', n = 5 } = values;
  return `${START + offsetMs},${o},${h},${l},${c},${v},,3.00,${n},0.50,1.00,0`;
}

async function read(rows: readonly string[], size = 100) {
  const path = join(dir, 'TESTUSDT-1m-2018-02.csv');
  writeFileSync(path, `${rows.join('\n')}\n`);
  const tally = emptyTally();
  const batches: CandleValues[][] = [];
  for await (const batch of readMinuteBatches(path, size, tally)) batches.push(batch);
  return { batches, tally };
}

const minutesOf = (batch: readonly CandleValues[] | undefined) => batch?.map(({ openTime }) => (openTime - START) / 60_000);

describe('readMinuteBatches', () => {
  it('merges the rows of one minute that lie off the grid, and counts them', async () => {
    const { batches, tally } = await read([
      row(14_789, { o: '2.0', h: '5', c: '4', v: '1.50' }),
      row(40_000, { o: '4', h: '9.00', l: '0.5', c: '8', v: '0.25', n: 7 }),
      row(60_000),
      row(134_789),
    ]);
    expect(batches).toHaveLength(1);
    expect(minutesOf(batches[0])).toEqual([0, 1, 2]);
    expect(batches[0]?.[0]).toMatchObject({
      open: '2.0',
      high: '9.00',
      low: '0.5',
      close: '8',
      baseVolume: '1.75',
      quoteVolume: '6.00',
      tradeCount: 12,
    });
    expect(batches[0]?.[2]).toMatchObject({ open: '2', close: '3', baseVolume: '1.50' });
    expect(tally).toEqual({ rows: 4, offGrid: 3, duplicates: 0, refused: 0, refusals: {} });
  });

  it('takes of two rows of one open time the one with more trades, in whatever order', async () => {
    const { batches, tally } = await read([row(0, { n: 5 }), row(0, { n: 9, c: '4' }), row(0, { n: 7 }), row(60_000)]);
    expect(batches[0]).toMatchObject([{ tradeCount: 9, close: '4' }, { tradeCount: 5 }]);
    expect(tally.duplicates).toBe(2);
  });

  it('never splits a minute between batches, and sorts rows that are out of order', async () => {
    const { batches } = await read([row(60_000), row(0), row(120_000), row(134_000), row(180_000)], 3);
    expect(batches.map(minutesOf)).toEqual([[0, 1, 2], [3]]);
    expect(batches[0]?.[2]).toMatchObject({ baseVolume: '3.00' });
  });

  it('counts refused rows by reason and goes on', async () => {
    const { batches, tally } = await read([row(0), row(60_000, { h: '0.1' }), 'nonsense', row(120_000, { o: '-1' }), row(180_000)]);
    expect(minutesOf(batches[0])).toEqual([0, 3]);
    expect(tally).toMatchObject({ rows: 5, refused: 3, refusals: { price_order: 1, column_count: 1, price: 1 } });
  });
});

describe('checksums', () => {
  const path = join(dir, 'X-1m-2018.zip');
  const bytes = 'some bytes';
  const sha256 = createHash('sha256').update(bytes).digest('hex');

  it('are compared with what stands beside the file', async () => {
    writeFileSync(path, bytes);
    expect(await hashFile(path)).toBe(sha256);
    expect(await verifyFile(path)).toEqual({ sha256, isVerified: false });
    writeFileSync(`${path}.CHECKSUM`, `${sha256.toUpperCase()}  X-1m-2018.zip\n`);
    expect(await verifyFile(path)).toEqual({ sha256, isVerified: true });
    writeFileSync(`${path}.CHECKSUM`, `${sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'))}  X-1m-2018.zip\n`);
    await expect(verifyFile(path)).rejects.toMatchObject({ code: 'checksum_mismatch' });
    writeFileSync(`${path}.CHECKSUM`, 'not found');
    await expect(verifyFile(path)).rejects.toMatchObject({ code: 'checksum_unreadable' });
    await expect(hashFile(join(dir, 'nothing.zip'))).rejects.toMatchObject({ code: 'candle_file_unreadable' });
  });

  it.each(['', 'abc', `${'a'.repeat(63)} x`, `${'a'.repeat(65)} x`])('are no %j', (text) => {
    expect(parseChecksum(text)).toBeUndefined();
  });
});
