import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { type EpochMs, HOUR_MS, MINUTE_MS, toInstrumentId } from '@candlecast/domain';
import { createCandleReader } from '@candlecast/store';
import { eventually, hasTestData, testDataDir } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { START, startWorld, type World } from './testing/world.ts';
import { type Recording, writeRecording } from './testing/write-recording.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 240_000 });

let world: World | undefined;
let recording: Recording | undefined;

afterEach(async () => {
  await world?.close();
  recording?.remove();
  recording = undefined;
  world = undefined;
});

const END = (Math.floor(START / MINUTE_MS) * MINUTE_MS) as EpochMs;
const before = (minutes: number) => (END - minutes * MINUTE_MS) as EpochMs;
const PATIENCE = { timeoutMs: 60_000, intervalMs: 50 };

describe('a replayed recording', () => {
  it.each([
    ['in its history', 1_000, 995],
    ['in what is played', 50, 41],
  ])('ends as ENDED with every candle stored, and a hole %s recorded as what the source lacks', async (_, holeFrom, holeTo) => {
    const hole = { from: before(holeFrom), to: before(holeTo) };
    recording = await writeRecording('BTCUSDT', { from: before(1_500), to: END }, hole);
    world = await startWorld({
      venue: 'REPLAY',
      symbols: ['BTCUSDT'],
      source: { kind: 'recorded', dir: recording.dir, from: (END - HOUR_MS) as EpochMs },
      speed: 600,
    });
    const ingest = world.start();
    await eventually(() => expect(ingest.status()).toMatchObject({ venue: 'REPLAY', feed: 'ENDED' }), PATIENCE);
    expect(ingest.status().instruments).toEqual([
      expect.objectContaining({ id: 'REPLAY:BTCUSDT', state: 'PAUSED', reason: 'the exchange says END_OF_DAY' }),
    ]);

    const all = { from: before(2_000), to: END };
    const withoutIds = recording.candles.map((candle) => ({ ...candle, firstTradeId: null, lastTradeId: null }));
    expect(await world.stored('BTCUSDT', all)).toEqual(withoutIds);
    const gaps = await createCandleReader(world.database).findGaps(toInstrumentId('REPLAY', 'BTCUSDT'), all);
    expect(gaps).toEqual([expect.objectContaining({ ...hole, reason: 'SOURCE_INCOMPLETE' })]);
  });

  it('that is over already is read and ends', async () => {
    recording = await writeRecording('BTCUSDT', { from: before(300), to: END }, { from: END, to: END });
    const source = { kind: 'recorded', dir: recording.dir, from: END } as const;
    world = await startWorld({ venue: 'REPLAY', symbols: ['BTCUSDT'], source, speed: 600 });
    const ingest = world.start();
    await eventually(() => expect(ingest.status().feed).toBe('ENDED'), PATIENCE);
    expect(await world.stored('BTCUSDT', { from: before(300), to: END })).toHaveLength(300);
  });

  it.skipIf(!hasTestData())('knows an outage of the whole exchange in a real one (needs klines/ in TEST_DATA_DIR)', async () => {
    const [from, to] = [Date.UTC(2023, 2, 24, 11), Date.UTC(2023, 2, 24, 16)];
    const file = join(testDataDir(), 'klines', 'BTCUSDT-1m-2022-01_2023-07.csv.gz');
    const rows: string[] = [];
    for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
      const time = Number.parseInt(line, 10);
      if (time >= to) break;
      if (time >= from) rows.push(line);
    }
    const dir = mkdtempSync(join(tmpdir(), 'outage-'));
    writeFileSync(join(dir, 'BTCUSDT-1m-2023-03-24.csv'), rows.join('\n'));
    try {
      const source = { kind: 'recorded', dir, from: (to - 10 * MINUTE_MS) as EpochMs } as const;
      world = await startWorld({ venue: 'REPLAY', symbols: ['BTCUSDT'], source, speed: 600 });
      const ingest = world.start();
      await eventually(() => expect(ingest.status().feed).toBe('ENDED'), PATIENCE);
      const range = { from: from as EpochMs, to: to as EpochMs };
      expect(await world.stored('BTCUSDT', range)).toHaveLength(300 - 80);
      const gaps = await createCandleReader(world.database).findGaps(toInstrumentId('REPLAY', 'BTCUSDT'), range);
      const outage = { from: Date.UTC(2023, 2, 24, 12, 40), to: Date.UTC(2023, 2, 24, 14), reason: 'EXCHANGE_OUTAGE' };
      expect(gaps).toEqual([expect.objectContaining(outage)]);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
