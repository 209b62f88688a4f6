import {
  DAY_MS,
  type EpochMs,
  floorToInterval,
  type InstrumentId,
  MINUTE_MS,
  type TimeRange,
  toDecimal,
  toInstrumentId,
} from '@candlecast/domain';
import { createCandleImporter, createCandleReader, createInstrumentWriter, createQualityReader } from '@candlecast/store';
import { eventually } from '@candlecast/testkit';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDumpHost } from '../binance/dump-host.ts';
import { START, startWorld, type World, type WorldOptions } from '../testing/world.ts';
import { fetchDump } from './fetch-dump.ts';
import { type DumpFile, planDumpFiles } from './plan-dump-files.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 240_000 });

const ID = toInstrumentId('SIM', 'BTCUSDT');
const PATIENCE = { timeoutMs: 120_000, intervalMs: 200 };
const DAY = { from: floorToInterval((START - 3 * DAY_MS) as EpochMs, '1d'), to: floorToInterval((START - 2 * DAY_MS) as EpochMs, '1d') };
const FILE = planDumpFiles('BTCUSDT', DAY, START)[0] as DumpFile;

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** A world in which one day can be fetched, with nothing but the instrument in its database. */
async function aStillWorld() {
  world = await startWorld({ speed: 1, symbols: ['BTCUSDT'] });
  const { sim, database } = world;
  await createInstrumentWriter(database).upsertInstruments([
    { id: ID, venue: 'SIM', symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', tickSize: toDecimal('0.01'), stepSize: null },
  ]);
  const quality = createQualityReader(database);
  const options = {
    host: createDumpHost(sim.restUrl, new AbortController().signal),
    importer: createCandleImporter(database),
    quality,
    now: () => sim.now(),
  };
  return { sim, database, quality, options, fetch: () => fetchDump(ID, FILE, options) };
}

const stored = (database: World['database'], range: TimeRange) =>
  createCandleReader(database).findCandles({ instrumentId: ID, interval: '1m', range, limit: 100_000, take: 'oldest' });

describe('fetchDump', () => {
  it('brings a file into the store, equal to the exchange, and does not fetch the same version again', async () => {
    const { sim, database, quality, fetch } = await aStillWorld();
    const outcome = await fetch();
    const file = { name: `BTCUSDT-1m-${FILE.period}.zip`, isVerified: true, rows: 1_440, inserted: 1_440, refused: 0 };
    expect(outcome).toMatchObject({ kind: 'imported', file });
    const truth = await sim.truth('BTCUSDT', '1m', DAY);
    const rows = await stored(database, DAY);
    expect(rows).toMatchObject(truth.map((candle) => ({ ...candle, firstTradeId: null, lastTradeId: null })));
    expect(await quality.findImportedFiles(ID)).toMatchObject([file]);
    expect(await fetch()).toEqual({ kind: 'known' });
    expect(sim.dumps.hits).toBe(1);
  });

  it.each([
    ['a checksum that is not its own', 'checksum'],
    ['bytes that were cut', 'truncated'],
  ] as const)('imports nothing of a file with %s, and the sound one after it', async (_, fault) => {
    const { sim, database, quality, fetch } = await aStillWorld();
    sim.dumps.spoil(fault);
    await expect(fetch()).rejects.toMatchObject({ code: 'checksum_mismatch' });
    expect(await stored(database, DAY)).toEqual([]);
    expect(await quality.findImportedFiles(ID)).toEqual([]);
    expect(await fetch()).toMatchObject({ kind: 'imported', file: { inserted: 1_440 } });
  });

  it('imports a revised file beside the version before it', async () => {
    const { sim, quality, fetch } = await aStillWorld();
    sim.dumps.spoil('missingRows');
    expect(await fetch()).toMatchObject({ file: { rows: 1_426, inserted: 1_426 } });
    expect(await fetch()).toMatchObject({ file: { rows: 1_440, inserted: 14, unchanged: 1_426 } });
    expect(await quality.findImportedFiles(ID)).toHaveLength(2);
  });

  it('says which files the host does not have, and that it fails', async () => {
    const { sim, options, fetch } = await aStillWorld();
    const tomorrow = { ...FILE, period: '2031-01-01' };
    expect(await fetchDump(ID, tomorrow, options)).toEqual({ kind: 'absent' });
    sim.dumps.spoil('unavailable');
    await expect(fetch()).rejects.toMatchObject({ code: 'dump_unavailable', retryable: true });
    const nowhere = createDumpHost('http://127.0.0.1:9', new AbortController().signal);
    await expect(fetchDump(ID, FILE, { ...options, host: nowhere })).rejects.toMatchObject({ code: 'dump_unavailable' });
    await expect(fetchDump('SIM:NOPE' as InstrumentId, FILE, options)).rejects.toMatchObject({ code: 'instrument_unknown' });
  });
});

describe('a long history', () => {
  /** The background reaches from early April to the 20th: one month that is over. */
  const LONG: WorldOptions = { symbols: ['BTCUSDT'], historyDays: 45, hasDumps: true, speed: 20 };
  const dumps = async (metrics: ReturnType<World['start']>['metrics']) =>
    Object.fromEntries((await metrics.dumpFiles.get()).values.map(({ labels, value }) => [labels.result, value]));

  it.each([
    ['missingRows', { imported: 1 }],
    ['checksum', { checksum_mismatch: 1 }],
    ['unavailable', { dump_unavailable: 1 }],
  ] as const)('equals the exchange after a dump with the fault %s: requests make up for it', async (fault, outcome) => {
    world = await startWorld(LONG);
    const { sim, expectTruth, start } = world;
    sim.dumps.spoil(fault);
    const ingest = start();
    await eventually(() => {
      const [status] = ingest.status().instruments;
      expect(status?.state).toBe('LIVE');
      expect(status?.rowsWanted).toBeLessThan((20 * DAY_MS) / MINUTE_MS);
      expect(status?.rowsDone).toBe(status?.rowsWanted);
    }, PATIENCE);
    await eventually(expectTruth, { timeoutMs: 60_000, intervalMs: 2_000 });
    expect(await dumps(ingest.metrics)).toEqual(outcome);
    const range = { from: (START - 100 * DAY_MS) as EpochMs, to: sim.now() };
    const gaps = await createCandleReader(world.database).findGaps(ID, range);
    expect(gaps.filter(({ resolvedAt }) => resolvedAt === null)).toEqual([]);
  });
});
