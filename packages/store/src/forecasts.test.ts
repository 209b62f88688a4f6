import { createHash } from 'node:crypto';
import {
  type EpochMs,
  type ForecastBatch,
  type ForecastWriter,
  GENESIS_HASH,
  type Horizon,
  type InstrumentId,
  type Model,
  QUANTILE_LEVELS,
  toDecimal,
  toEpochMs,
  toLedgerText,
} from '@candlecast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createForecastReader } from './forecast-reader.ts';
import { createForecastWriter } from './forecast-writer.ts';
import { createLedgerReader } from './ledger-reader.ts';
import { aForecastBatch } from './testing/a-forecast-batch.ts';
import { minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let writer: ForecastWriter;
let reader: ReturnType<typeof createForecastReader>;
let ledger: ReturnType<typeof createLedgerReader>;
let id: InstrumentId;
let ewma: Model;
let lstm: Model;

const DEADLINE_MS = 10_000;
const AS_OF = minute(60);

beforeAll(async () => {
  store = await openTestStore();
  writer = createForecastWriter(store.db);
  reader = createForecastReader(store.db);
  ledger = createLedgerReader(store.db);
  const facts = { sha256: null, artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {} };
  ewma = await writer.saveModel({ ...facts, name: 'ewma', version: '1', kind: 'BASELINE' });
  lstm = await writer.saveModel({ ...facts, name: 'lstm', version: '1', kind: 'LSTM', sha256: 'ab'.repeat(32) });
});
afterAll(() => store.close());

beforeEach(async () => {
  id = await store.list();
  await setVenueTime(toEpochMs(AS_OF + 1_234));
});

/** Stops the venue's clock at `time`. */
function setVenueTime(time: EpochMs): Promise<void> {
  return store.instruments.saveClock({ venue: 'SIM', wallTime: toEpochMs(0), anchorTime: time, speed: 0 });
}

function batch(
  model: Model,
  { asOf = AS_OF, ...values }: { readonly asOf?: EpochMs; readonly horizons?: readonly Horizon[]; readonly input?: readonly number[] } = {},
): ForecastBatch {
  return aForecastBatch(id, model.id, asOf, { ...values, reference: { modelId: ewma.id, sigma: 0.1 + 0.7 } });
}

describe('saveModel', () => {
  it('keeps the first model of a name and version', async () => {
    const card = { layers: [64, 32], loss: 0.123, parity: { maxDifference: 1e-7 } };
    const facts = {
      kind: 'LSTM',
      sha256: 'cd'.repeat(32),
      artifactPath: 'models/a.onnx',
      trainedFrom: minute(0),
      trainedThrough: minute(9),
      featureSchema: 2,
    } as const;
    const saved = await writer.saveModel({ ...facts, name: 'lstm', version: '2', card });
    expect(saved).toEqual({ ...facts, name: 'lstm', version: '2', card, id: saved.id, createdAt: saved.createdAt });
    expect(await writer.saveModel({ ...facts, name: 'lstm', version: '2', card: {} })).toEqual(saved);
    expect(await reader.findModel(saved.id)).toEqual(saved);
    expect(await reader.findModels()).toEqual([ewma, lstm, saved]);
    expect(await reader.findModel(saved.id + 1)).toBeUndefined();
  });

  it('gives all processes that store it at once the same model', async () => {
    const facts = {
      kind: 'BASELINE',
      sha256: null,
      artifactPath: null,
      trainedFrom: null,
      trainedThrough: null,
      featureSchema: 1,
    } as const;
    for (const version of ['a', 'b', 'c', 'd', 'e']) {
      const saved = await Promise.all(Array.from({ length: 6 }, () => writer.saveModel({ ...facts, name: 'at-once', version, card: {} })));
      expect(new Set(saved.map(({ id }) => id)).size).toBe(1);
    }
  });
});

describe('appendForecasts', () => {
  it('stores what was said and what it was said from, dated by the venue, and logs it', async () => {
    const sent = batch(lstm, { horizons: ['1h', '24h'] });
    const [hour, day] = await writer.appendForecasts([sent], DEADLINE_MS);
    expect(hour).toEqual({
      ...sent.forecasts[0],
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      issuedAt: AS_OF + 1_234,
      timing: 'ON_TIME',
      inputHash: createHash('sha256').update(sent.input).digest('hex'),
      codeVersion: 'test 1',
      ledgerSeq: 1,
      prevHash: GENESIS_HASH,
      signal: null,
      calibration: null,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(day?.horizon).toBe('24h');
    if (!hour) return;
    expect(await reader.findForecast(hour.id)).toEqual(hour);
    expect(await reader.findInput(hour)).toEqual(sent.input);
    const head = { venue: 'SIM', seq: 2, hash: day?.hash, at: hour.issuedAt };
    expect(await ledger.findLedgerHead('SIM')).toEqual(head);
    const events = (await store.readLog()).filter(({ key }) => key === id);
    expect(events.map(({ topic, at, payload }) => ({ topic, at, payload }))).toEqual(
      [hour, day].map((forecast) => ({ topic: 'forecast.issued', at: hour.issuedAt, payload: { forecast, head } })),
    );
  });

  it('stores and logs a text with marks of its own as it is', async () => {
    const codeVersion = 'a\\b "c"\td \\N';
    const [stored] = await writer.appendForecasts([{ ...batch(lstm), codeVersion }], DEADLINE_MS);
    expect(stored?.codeVersion).toBe(codeVersion);
    expect(await reader.findForecast(stored?.id ?? '')).toEqual(stored);
    expect((await store.readLog()).find(({ key }) => key === id)?.payload).toMatchObject({ forecast: { codeVersion } });
  });

  it('keeps a signal as it was, in the ledger', async () => {
    const signal = { action: 'SELL', rule: 1, feeBps: 0.1 + 0.2, spreadBps: 1 / 3, spreadAt: toEpochMs(AS_OF - 1_000) } as const;
    const sent = batch(lstm);
    const forecasts = sent.forecasts.map((forecast) => ({ ...forecast, signal }));
    const [stored] = await writer.appendForecasts([{ ...sent, forecasts }], DEADLINE_MS);
    if (!stored) throw new Error('nothing was stored');
    expect(stored.signal).toEqual(signal);
    const text = toLedgerText({ forecast: stored, model: lstm, referenceModel: ewma });
    expect(text).toMatch(/\nsignal SELL 1\nfee-bps 3fd3333333333334\nspread-bps 3fd5555555555555\nspread-at 1641171599000$/);
    expect(createHash('sha256').update(text).digest('hex')).toBe(stored.hash);
    const unknown = forecasts.map((forecast) => ({ ...forecast, horizon: '2h' as const, signal: { ...signal, spreadAt: null } }));
    const [other] = await writer.appendForecasts([{ ...sent, forecasts: unknown }], DEADLINE_MS);
    expect(other?.signal).toEqual({ ...signal, spreadAt: null });
  });

  it('keeps calibrated quantiles beside the raw ones, in the ledger', async () => {
    const sent = batch(lstm);
    const values = QUANTILE_LEVELS.map((_, index) => toDecimal(`4625${index}.50`));
    const calibration = { logReturns: QUANTILE_LEVELS.map((level) => level / 3), values, madeAt: minute(0) };
    const [stored] = await writer.appendForecasts(
      [{ ...sent, forecasts: sent.forecasts.map((forecast) => ({ ...forecast, calibration })) }],
      DEADLINE_MS,
    );
    if (!stored) throw new Error('nothing was stored');
    expect(stored.calibration).toEqual(calibration);
    const text = toLedgerText({ forecast: stored, model: lstm, referenceModel: ewma });
    expect(text).toMatch(
      /\ncalibrated-log-returns 3f81111111111111,[0-9a-f,]+\ncalibrated-prices 46250.50,[0-9.,]+\ncalibration 1641168000000$/,
    );
    expect(createHash('sha256').update(text).digest('hex')).toBe(stored.hash);
  });

  it.each([
    [DEADLINE_MS, 'ON_TIME'],
    [DEADLINE_MS + 1, 'LATE'],
  ])('calls a forecast %i ms after its last candle %s', async (delayMs, timing) => {
    await setVenueTime(toEpochMs(AS_OF + delayMs));
    expect(await writer.appendForecasts([batch(ewma)], DEADLINE_MS)).toMatchObject([{ timing, issuedAt: AS_OF + delayMs }]);
  });

  it('never touches a forecast that is already there, nor adds to it from another input', async () => {
    const first = await writer.appendForecasts([batch(lstm)], DEADLINE_MS);
    await setVenueTime(toEpochMs(AS_OF + 60_000));
    const logged = (await store.readLog()).length;
    expect(await writer.appendForecasts([batch(lstm)], DEADLINE_MS)).toEqual(first);
    expect(await writer.appendForecasts([batch(lstm, { input: [9], horizons: ['1h', '2h'] })], DEADLINE_MS)).toEqual(first);
    expect((await store.readLog()).length).toBe(logged);
    const [more] = await writer.appendForecasts([batch(lstm, { horizons: ['2h'] })], DEADLINE_MS);
    expect(more).toMatchObject({ horizon: '2h', timing: 'LATE' });
  });

  it('refuses forecasts of a venue without a clock and those that lack a level', async () => {
    const elsewhere = { ...batch(ewma), instrumentId: 'REPLAY:BTCUSDT' as InstrumentId };
    const rules = { venue: 'REPLAY', symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT', tickSize: null, stepSize: null } as const;
    await store.instruments.upsertInstruments([{ id: elsewhere.instrumentId, ...rules }]);
    await expect(writer.appendForecasts([elsewhere], DEADLINE_MS)).rejects.toMatchObject({ code: 'venue_clock_unknown' });
    const [forecast] = batch(ewma).forecasts;
    if (!forecast) return;
    const short = { ...batch(ewma), forecasts: [{ ...forecast, quantiles: forecast.quantiles.slice(1) }] };
    await expect(writer.appendForecasts([short], DEADLINE_MS)).rejects.toMatchObject({ code: 'forecast_quantiles_invalid' });
  });

  it('issues a forecast once when two processes make it at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => writer.appendForecasts([batch(ewma, { horizons: ['1h', '2h'] })], DEADLINE_MS)),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect((await store.readLog()).filter(({ key }) => key === id)).toHaveLength(2);
  });
});

describe('findLatestForecasts', () => {
  async function latest(horizons: readonly Horizon[] = ['1h']): Promise<string[]> {
    const found = await reader.findLatestForecasts([id], horizons);
    return found.map(
      (forecast) => `${forecast.horizon} ${forecast.modelId === ewma.id ? 'ewma' : 'lstm'} ${(forecast.asOf - AS_OF) / 60_000}`,
    );
  }

  it('prefers an LSTM that is as new as the baseline, and the baseline when the LSTM lags', async () => {
    await writer.appendForecasts([batch(ewma), batch(lstm)], DEADLINE_MS);
    expect(await latest()).toEqual(['1h lstm 0']);
    await writer.appendForecasts([batch(ewma, { asOf: minute(61) })], DEADLINE_MS);
    expect(await latest()).toEqual(['1h ewma 1']);
    await writer.appendForecasts([batch(lstm, { asOf: minute(61) })], DEADLINE_MS);
    expect(await latest()).toEqual(['1h lstm 1']);
  });

  it('answers in the order of instruments and horizons, and leaves out what is not there', async () => {
    await writer.appendForecasts([batch(ewma, { horizons: ['1h', '5m', '7d'] })], DEADLINE_MS);
    expect(await latest(['5m', '15m', '1h'])).toEqual(['5m ewma 0', '1h ewma 0']);
    expect(await reader.findLatestForecasts(['SIM:NOPE' as InstrumentId], ['1h'])).toEqual([]);
  });
});
