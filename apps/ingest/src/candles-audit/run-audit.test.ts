import { type AuditWindow, DAY_MS, type EpochMs, floorToInterval, type Instrument, systemClock, toInstrumentId } from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createBinanceExchange } from '../binance/binance-exchange.ts';
import { createIngestMetrics } from '../health/metrics.ts';
import { START, startWorld, type World } from '../testing/world.ts';
import { type ConnectedStore, connectStore } from '../write/connect-store.ts';
import { windowLine } from './print-audit.ts';
import { runAudit } from './run-audit.ts';

// Generous: nothing here is about how fast a busy machine is.
vi.setConfig({ testTimeout: 120_000 });

const ID = toInstrumentId('SIM', 'BTCUSDT');
const DAY = { from: floorToInterval((START - 3 * DAY_MS) as EpochMs, '1d'), to: floorToInterval((START - 2 * DAY_MS) as EpochMs, '1d') };

let world: World | undefined;
let store: ConnectedStore | undefined;
const stop = new AbortController();

afterEach(async () => {
  await store?.close();
  await world?.close();
});

/** A day of the simulated market in the store, with minutes 100 to 109 and 1,200 left out. */
async function aHoledDay() {
  world = await startWorld({ speed: 1, symbols: ['BTCUSDT'] });
  const opened = await connectStore(world.databaseUrl);
  store = opened;
  const { sim } = world;
  const listed = { id: ID, venue: 'SIM', symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', tickSize: null, stepSize: null } as const;
  await opened.instrumentWriter.upsertInstruments([listed]);
  const truth = await sim.truth('BTCUSDT', '1m', DAY);
  const holed = truth.filter((_, index) => (index < 100 || index >= 110) && index !== 1_200);
  await opened.importer.importCandles(ID, holed, sim.now());
  const metrics = createIngestMetrics(createMetrics());
  const edge = { venue: 'SIM', restUrl: sim.restUrl, wsUrl: sim.wsUrl, clockSpeed: 1, wall: systemClock, metrics } as const;
  const exchange = createBinanceExchange({ ...edge, log: createLogger('ingest', 'silent'), signal: stop.signal });
  await exchange.clock.refresh(0);
  const audit = async (isRepairing: boolean): Promise<AuditWindow[]> => {
    const windows: AuditWindow[] = [];
    await runAudit(
      (await opened.instruments.findInstrument(ID)) as Instrument,
      {},
      {
        store: opened,
        now: () => sim.now(),
        fetchPage: isRepairing
          ? (symbol, range) => exchange.fetchCandles({ symbol, ...range, limit: 1_000, purpose: 'history' })
          : undefined,
        onWindow: (_, window) => windows.push(window),
      },
    );
    return windows;
  };
  const sum = (windows: readonly AuditWindow[], key: 'missing' | 'present' | 'excused') =>
    windows.reduce((all, window) => all + window[key], 0);
  return { audit, sum, truth, store: opened };
}

describe('runAudit', () => {
  it('reports and records what is missing, and the second time knows it', async () => {
    const { audit, sum, store: opened } = await aHoledDay();
    const first = await audit(false);
    expect([sum(first, 'missing'), sum(first, 'present'), sum(first, 'excused')]).toEqual([11, 1_429, 0]);
    expect(first.map((window) => windowLine(ID, window)).join()).toContain('MISSING');
    expect(await opened.candles.findGaps(ID, DAY)).toMatchObject([{ reason: 'PENDING' }, { reason: 'PENDING' }]);
    const second = await audit(false);
    expect([sum(second, 'missing'), sum(second, 'excused')]).toEqual([0, 11]);
    expect(await opened.quality.findUnresolved(ID, 'PENDING')).toHaveLength(2);
  });

  it('repairs from the exchange: the day equals it, and the ledger says how', async () => {
    const { audit, sum, truth, store: opened } = await aHoledDay();
    expect(sum(await audit(true), 'missing')).toBe(11);
    const query = { instrumentId: ID, interval: '1m', range: DAY, limit: 2_000, take: 'oldest' } as const;
    const candles = await opened.candles.findCandles(query);
    expect(candles.map(({ openTime, close, tradeCount }) => [openTime, close, tradeCount])).toEqual(
      truth.map(({ openTime, close, tradeCount }) => [openTime, close, tradeCount]),
    );
    expect((await opened.candles.findGaps(ID, DAY)).map(({ resolution }) => resolution)).toEqual(['FETCHED', 'FETCHED']);
    expect(sum(await audit(true), 'missing')).toBe(0);
  });
});
