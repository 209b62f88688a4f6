import {
  addMs,
  type EpochMs,
  type ForecastWriter,
  type Horizon,
  horizonMs,
  type InstrumentId,
  type Model,
  toDecimal,
  toSignal,
} from '@candlecast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createForecastReader } from './forecast-reader.ts';
import { createForecastScorer } from './forecast-scorer.ts';
import { createForecastWriter } from './forecast-writer.ts';
import { A_SCORE, aForecastBatch } from './testing/a-forecast-batch.ts';
import { candleAt, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let writer: ForecastWriter;
let id: InstrumentId;
let ewma: Model;
let lstm: Model;
let now: EpochMs;

beforeAll(async () => {
  store = await openTestStore();
  writer = createForecastWriter(store.db);
  const facts = { artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {}, version: '1' };
  lstm = await writer.saveModel({ ...facts, name: 'lstm', kind: 'LSTM', sha256: 'ab'.repeat(32) });
  ewma = await writer.saveModel({ ...facts, name: 'ewma', kind: 'BASELINE', sha256: null });
});
afterAll(() => store.close());
beforeEach(async () => {
  id = await store.list();
});

async function setTime(time: EpochMs): Promise<void> {
  now = time;
  await store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: time, speed: 0 });
}

/** Issues forecasts of the close at a minute whose medians lie `moves` basis points away, by model. */
async function issue(
  at: number,
  moves: readonly (readonly [Model, number])[],
  horizons: readonly Horizon[] = ['5m'],
  lateMs = 0,
): Promise<void> {
  await setTime(addMs(minute(at), 500 + lateMs));
  const batches = moves.map(([model, bps]) => {
    const batch = aForecastBatch(id, model.id, minute(at), { horizons });
    const forecasts = batch.forecasts.map((forecast) => {
      const quantiles = forecast.quantiles.map((quantile) => ({ ...quantile, logReturn: quantile.logReturn + bps / 10_000 }));
      return { ...forecast, quantiles, signal: toSignal(quantiles, { feeBps: 10, spreadBps: 2, spreadAt: null }) };
    });
    return { ...batch, forecasts };
  });
  await writer.appendForecasts(batches, 10_000);
}

/** Closes the candle that ends at a minute and resolves what it lets mature: the price moved by `bps` of log-return. */
async function resolve(at: number, bps: number): Promise<void> {
  await setTime(addMs(minute(at), 2_000));
  await store.writer.commitClosed([{ instrumentId: id, candles: [candleAt(at - 1, { close: toDecimal('110.00') })] }], now);
  const score = () => ({ ...A_SCORE, logReturn: bps / 10_000 });
  await createForecastScorer(store.db).resolveMatured({ venue: 'SIM', limit: 100, score });
}

const rows = (horizon: Horizon = '5m') => createForecastReader(store.db).findPaperRows(id, horizon);
const trades = () =>
  store.sql<Record<string, unknown>>(
    `select epoch_ms(as_of) as "asOf", side, cost_bps, exit::text, void_reason, net_bps from paper_trade p join instrument i on i.id = p.instrument_id
     where i.venue || ':' || i.symbol = '${id}' order by as_of`,
  );

describe('following every signal', () => {
  it('holds one position at a time, from the first signal on, and none for HOLD or late ones', async () => {
    await issue(0, [[lstm, 10]]); // costs are 22
    await issue(1, [[lstm, 40]], ['5m'], 20_000); // late
    await issue(2, [[lstm, -40]]);
    await issue(4, [[lstm, 90]]); // the position of 2 is held until 7
    await issue(7, [[lstm, 90]]);
    await issue(8, [[lstm, 90]]);
    expect(await trades()).toMatchObject([
      { asOf: minute(2), side: -1, cost_bps: 22, exit: null, net_bps: null },
      { asOf: minute(7), side: 1 },
    ]);
    expect(await rows()).toMatchObject({ first: { asOf: minute(0), price: '46250.10', costBps: 22 }, days: [], open: 2, void: 0 });
    expect(await rows('1h')).toEqual({ first: null, days: [], open: 0, void: 0 });
  });

  it('follows the forecast that is shown first, once, however often it is sent', async () => {
    await issue(100, [
      [ewma, 90],
      [lstm, 5],
    ]);
    await issue(101, [
      [lstm, 30],
      [ewma, -90],
    ]);
    await issue(101, [[lstm, 30]]);
    expect(await trades()).toMatchObject([{ asOf: minute(101), side: 1 }]);
  });

  it('leaves at the price that came, after costs, and counts for nothing what had none', async () => {
    await issue(200, [[lstm, 40]]);
    await issue(205, [[lstm, -40]]);
    await issue(210, [[lstm, 40]]);
    await resolve(205, 100);
    await resolve(210, 100);
    await store.writer.recordGap(id, { from: minute(214), to: minute(215) }, 'CONFIRMED_EMPTY', minute(216));
    await setTime(minute(215 + 1_441));
    await createForecastScorer(store.db).resolveMatured({ venue: 'SIM', limit: 100, score: () => A_SCORE });
    const [gain, loss, none] = await trades();
    const move = Math.expm1(0.01) * 10_000;
    expect(gain).toMatchObject({ exit: '110.00', net_bps: expect.closeTo(move - 22, 9) });
    expect(loss).toMatchObject({ exit: '110.00', net_bps: expect.closeTo(-move - 22, 9) });
    expect(none).toMatchObject({ exit: null, net_bps: null, void_reason: 'CONFIRMED_EMPTY' });
    const found = await rows();
    expect(found).toMatchObject({ open: 0, void: 1, days: [{ day: minute(0), trades: 2, gains: 1, netBps: expect.closeTo(-44, 9) }] });
    expect(found.days[0]?.drawdown).toBeCloseTo((move + 22) / 10_000, 9);
  });

  it('measures the fall of the account from its highest, across days', async () => {
    const day = horizonMs('24h') / 60_000;
    for (const [n, bps] of [50, 500, -300, -200, 100].entries()) {
      await issue(day * (n + 2), [[lstm, 40]]);
      await resolve(day * (n + 2) + 5, bps);
    }
    const { days } = await rows();
    let worth = 1;
    let peak = 1;
    const falls = [50, 500, -300, -200, 100].map((bps) => {
      worth *= 1 + Math.expm1(bps / 10_000) - 0.0022;
      peak = Math.max(peak, worth);
      return 1 - worth / peak;
    });
    expect(days.map(({ day: at }) => (at - minute(0)) / 86_400_000)).toEqual([2, 3, 4, 5, 6]);
    for (const [n, { drawdown }] of days.entries()) expect(drawdown).toBeCloseTo(falls[n] ?? Number.NaN, 9);
  });
});
