import { createEventLog } from '@candlecast/bus';
import {
  type Forecast,
  type ForecastPace,
  HORIZONS,
  HOUR_MS,
  type InstrumentId,
  MINUTE_MS,
  type Model,
  systemClock,
} from '@candlecast/domain';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { eventually } from '@candlecast/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LOOKBACK_STEPS, SERVED_HORIZONS } from '../features/feature-schema.ts';
import { HISTORY_MINUTES } from '../features/sigma.ts';
import { createEwmaNormal, EWMA_NORMAL } from '../models/ewma-normal.ts';
import type { Predictor } from '../models/predictor.ts';
import { exportQuantileLstm } from '../onnx/export-quantile-lstm.ts';
import { createOnnxPredictor } from '../onnx/onnx-predictor.ts';
import { openOnnxSession } from '../onnx/onnx-session.ts';
import { toSha256 } from '../registry/artifact-store.ts';
import { randomScaler, randomWeights } from '../testing/random-network.ts';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { createHistoryKeeper, type HistoryKeeper } from './history-keeper.ts';
import { createIssuer } from './issue-forecasts.ts';
import { createCostLoader } from './load-costs.ts';
import { createServeMetrics } from './metrics.ts';
import { createCloseServer } from './serve-closes.ts';

const walk = randomWalk({ minutes: HISTORY_MINUTES + 60, seed: 21 });
const history = walk.slice(0, HISTORY_MINUTES + 7);
const SHORT = ['15m', '30m', '1h', '2h'];

let market: TestMarket;
let stop: AbortController;
let running: Promise<void> | undefined;
let predictors: Predictor[];
let reference: Model;
let log: ReturnType<typeof createEventLog>;
let metrics: ReturnType<typeof createServeMetrics>;
let histories: HistoryKeeper;
let pace: ForecastPace;
let gate: { promise: Promise<void>; open(): void };

beforeEach(async () => {
  market = await openTestMarket();
  stop = new AbortController();
  gate = aGate();
  pace = 'EVERY_CLOSE';
  log = createEventLog({ url: market.url, pollMs: 100 });
  metrics = createServeMetrics(createMetrics());
  reference = await market.writer.saveModel(EWMA_NORMAL);
  predictors = [createEwmaNormal(reference)];
});

afterEach(async () => {
  gate.open();
  stop.abort();
  await running;
  await log.close();
  await market.drop();
});

/** Starts serving; issuing waits for `ready`. */
function serve(ready: Promise<void> = Promise.resolve()): void {
  const { instruments, candles, writer } = market;
  histories = createHistoryKeeper(candles);
  const clocks = {
    clocks: instruments,
    clock: systemClock,
    costs: createCostLoader(market.books, 10),
    calibrations: { find: () => undefined },
    paceOf: () => pace,
    paces: market.paces,
  };
  const ports = { predictors: () => predictors, reference, codeVersion: 'test', histories, writer, ...clocks, metrics };
  const issue = createIssuer(ports, VENUE, 10_000);
  const server = createCloseServer(
    {
      log,
      instruments,
      histories,
      issue: (ids) => ready.then(() => issue(ids)),
      clock: systemClock,
      metrics,
      logger: createLogger('test', 'silent'),
    },
    { venue: VENUE, deadlineMs: 10_000, patience: { baseMs: 20, capMs: 100 } },
  );
  running = server.run(stop.signal);
}

function aGate() {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open: () => open() };
}

async function addLstm(): Promise<Predictor> {
  const file = exportQuantileLstm(randomWeights(1, 4, 0.1), randomScaler(1), LOOKBACK_STEPS, {});
  const facts = { trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {}, artifactPath: null };
  const model = await market.writer.saveModel({ name: 'lstm-short', version: 'test', kind: 'LSTM', sha256: toSha256(file), ...facts });
  const predictor = createOnnxPredictor(model, await openOnnxSession(file));
  predictors.push(predictor);
  return predictor;
}

const latest = (id: InstrumentId) => market.reader.findLatestForecasts([id], [...HORIZONS]);

/** The forecasts of a close, once they are stored. */
async function forecastsAt(id: InstrumentId, minute: number): Promise<Forecast[]> {
  const asOf = (walk[minute]?.openTime ?? 0) + MINUTE_MS;
  let found: Forecast[] = [];
  await eventually(async () => {
    found = (await latest(id)).filter((forecast) => forecast.asOf === asOf);
    expect(found.length).toBeGreaterThan(0);
  });
  return found;
}

async function withheld(): Promise<Record<string, number>> {
  const { values } = await metrics.withheld.get();
  return Object.fromEntries(values.map(({ labels, value }) => [`${labels.model} ${labels.horizon} ${labels.reason}`, value]));
}

describe('createCloseServer', () => {
  it('serves the naive forecast of every instrument at a close, on time, and all horizons at the first', async () => {
    const ids = [await market.addLive('BTCUSDT', history), await market.addLive('ETHUSDT', history)];
    serve();
    for (const id of ids) {
      const found = await forecastsAt(id, history.length - 1);
      expect(found.map(({ horizon }) => horizon)).toEqual(SERVED_HORIZONS);
      expect(found.every(({ timing, refPrice }) => timing === 'ON_TIME' && refPrice === history.at(-1)?.close)).toBe(true);
      // The naive forecast expects no move, which pays for no trade.
      expect(found.map(({ signal }) => signal)).toEqual(
        found.map(() => ({ action: 'HOLD', rule: 1, feeBps: 10, spreadBps: 10, spreadAt: null })),
      );
      expect(found.every(({ issuedAt, asOf, targetTime }) => issuedAt >= asOf && issuedAt < targetTime)).toBe(true);
    }
    const next = walk[history.length];
    if (!next) throw new Error('the walk is too short');
    await market.close(ids, next);
    for (const id of ids) expect((await forecastsAt(id, history.length)).map(({ horizon }) => horizon)).toEqual(SHORT);
  });

  it('serves an hourly instrument at the first close and on the hour, and writes down that it does', async () => {
    pace = 'HOURLY';
    const first = HISTORY_MINUTES + 3;
    const id = await market.addLive('BTCUSDT', walk.slice(0, first + 1));
    serve();
    expect((await forecastsAt(id, first)).map(({ horizon }) => horizon)).toEqual(SERVED_HORIZONS);
    const hour = walk.findIndex(({ openTime }, minute) => minute > first && (openTime + MINUTE_MS) % HOUR_MS === 0);
    expect(hour).toBeGreaterThan(first + 1);
    for (const candle of walk.slice(first + 1, hour + 1)) {
      await market.close([id], candle);
      await eventually(() => expect(histories.find(id)?.asOf).toBe(candle.openTime + MINUTE_MS));
    }
    expect((await forecastsAt(id, hour)).map(({ horizon }) => horizon)).toEqual(SERVED_HORIZONS);
    const asOfs = await market.readSql<{ as_of: number }>('select distinct as_of from forecast order by 1');
    expect(asOfs.map(({ as_of }) => as_of)).toEqual([first, hour].map((minute) => (walk[minute]?.openTime ?? 0) + MINUTE_MS));
    expect(await market.readSql('select is_hourly from forecast_pace')).toEqual([{ is_hourly: true }]);
    expect(await withheld()).toEqual({});
  });

  it('serves a new model beside the naive one from the next close on, without a restart', async () => {
    const id = await market.addLive('BTCUSDT', history);
    serve();
    const [naive] = await forecastsAt(id, history.length - 1);
    const { model } = await addLstm();
    const next = walk[history.length];
    if (!next) throw new Error('the walk is too short');
    await market.close([id], next);
    const found = await forecastsAt(id, history.length);
    expect(found.map(({ horizon }) => horizon)).toEqual(SERVED_HORIZONS);
    expect(new Set(found.map(({ modelId }) => modelId))).toEqual(new Set([model.id]));
    expect(naive?.modelId).not.toBe(model.id);
    const issued = (await metrics.issued.get()).values.filter(({ labels }) => labels.horizon === '15m');
    expect(Object.fromEntries(issued.map(({ labels, value }) => [labels.model, value]))).toEqual({ 'ewma-normal': 2, 'lstm-short': 1 });
  });

  it('makes no forecast across a gap and counts why', async () => {
    await addLstm();
    const id = await market.addLive('BTCUSDT', history.toSpliced(-200, 1));
    serve();
    const found = await forecastsAt(id, history.length - 1);
    expect(found.map(({ horizon }) => horizon)).toEqual(SHORT);
    expect(await withheld()).toMatchObject({ 'ewma-normal 24h history_incomplete': 1, 'lstm-short 15m history_incomplete': 1 });
    expect(await withheld()).not.toHaveProperty('ewma-normal 15m history_incomplete');
  });

  it('serves only the newest of closes that pile up, late ones as late, and none whose target has passed', async () => {
    const id = await market.addLive('BTCUSDT', history);
    serve(gate.promise);
    const last = walk[history.length + 39]?.openTime ?? 0;
    for (const candle of walk.slice(history.length, history.length + 40)) await market.close([id], candle, 20 * MINUTE_MS);
    await eventually(() => expect(histories.find(id)?.asOf).toBe(last + MINUTE_MS));
    gate.open();
    const found = await forecastsAt(id, history.length + 39);
    expect(found.map(({ horizon, timing }) => [horizon, timing])).toEqual(SERVED_HORIZONS.slice(1).map((horizon) => [horizon, 'LATE']));
    expect(await withheld()).toHaveProperty('ewma-normal 15m target_passed');
    const { seq } = await log.head();
    const issued = await log.read({ after: await log.oldest(), limit: seq, topics: ['forecast.issued'] });
    const closes = new Set(issued.map(({ payload }) => 'forecast' in payload && payload.forecast.asOf));
    // The batch that waited at the gate is served as of the close that is newest by then; another may have queued up behind it.
    expect(closes.size).toBe(1);
    expect((await metrics.skippedCloses.get()).values[0]?.value).toBeGreaterThan(0);
  });

  it('goes on after the database was away', async () => {
    const id = await market.addLive('BTCUSDT', history);
    serve();
    await forecastsAt(id, history.length - 1);
    await market.cutConnections();
    const next = walk[history.length];
    if (!next) throw new Error('the walk is too short');
    await eventually(() => market.close([id], next));
    expect(await forecastsAt(id, history.length)).toHaveLength(4);
  });

  it('uses a gap that was filled from the next close on', async () => {
    const missing = history.at(-200);
    const next = walk[history.length];
    if (!missing || !next) throw new Error('the walk is too short');
    const id = await market.addLive('BTCUSDT', history.toSpliced(-200, 1));
    await addLstm();
    serve();
    await eventually(async () => expect(await withheld()).toHaveProperty('lstm-short 15m history_incomplete'));
    await market.fillHistory(id, [missing]);
    await market.close([id], next);
    const found = await forecastsAt(id, history.length);
    expect(found.map(({ horizon }) => horizon)).toEqual(SERVED_HORIZONS);
  });
});
