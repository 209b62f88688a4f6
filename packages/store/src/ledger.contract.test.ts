import { type ForecastWriter, GENESIS_HASH, type InstrumentId, type Model, toEpochMs } from '@candlecast/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createForecastReader } from './forecast-reader.ts';
import { createForecastWriter } from './forecast-writer.ts';
import { createLedgerReader } from './ledger-reader.ts';
import { aForecastBatch } from './testing/a-forecast-batch.ts';
import { expectWholeChain } from './testing/expect-whole-chain.ts';
import { minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let writer: ForecastWriter;
let ledger: ReturnType<typeof createLedgerReader>;
let id: InstrumentId;
let model: Model;

beforeAll(async () => {
  store = await openTestStore();
  writer = createForecastWriter(store.db);
  ledger = createLedgerReader(store.db);
  const facts = { sha256: 'ab', artifactPath: null, trainedFrom: minute(-90), trainedThrough: minute(-9), featureSchema: 1, card: {} };
  model = await writer.saveModel({ ...facts, name: 'lstm', version: '1', kind: 'LSTM' });
});
afterAll(() => store.close());

beforeEach(async () => {
  id = await store.list();
});

/** Issues a forecast of 1h and one of 2h at the close of a minute. */
async function issueAt(count: number): Promise<void> {
  await store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: toEpochMs(minute(count) + 500), speed: 0 });
  const reference = { modelId: model.id, sigma: 0.0123 };
  await writer.appendForecasts([aForecastBatch(id, model.id, minute(count), { horizons: ['1h', '2h'], reference })], 10_000);
}

async function countEntries(): Promise<number> {
  return (await ledger.findLedgerHead('SIM')).seq;
}

describe('the ledger', () => {
  it('chains every entry to the one before, in the order of commits, and tells its head at any time', async () => {
    expect(await ledger.findLedgerHead('SIM')).toEqual({ venue: 'SIM', seq: 0, hash: GENESIS_HASH, at: null });
    await issueAt(1);
    const early = await ledger.findLedgerHead('SIM');
    expect(early).toMatchObject({ seq: 2, at: minute(1) + 500 });
    await issueAt(2);
    await expectWholeChain(ledger, createForecastReader(store.db), 4);
    expect(await ledger.findLedgerHead('SIM', minute(2))).toEqual(early);
    expect(await ledger.findLedgerHead('SIM', minute(1))).toMatchObject({ seq: 0 });
    expect(await ledger.findHeads({ venue: 'SIM', afterSeq: 0, limit: 9 })).toEqual([early, await ledger.findLedgerHead('SIM')]);
    expect(await ledger.findLedgerHead('BINANCE')).toMatchObject({ seq: 0 });
  });

  it('stays one chain when many processes append at the same time', async () => {
    const before = await countEntries();
    await store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: minute(30), speed: 0 });
    const batches = Array.from({ length: 12 }, (_, index) => aForecastBatch(id, model.id, minute(10 + index), { horizons: ['5m', '1h'] }));
    await Promise.all(batches.map((batch) => createForecastWriter(store.db).appendForecasts([batch, batch], 10_000)));
    await expectWholeChain(ledger, createForecastReader(store.db), before + 24);
  });

  it('leaves no hole when a transaction that appends is rolled back', async () => {
    const before = await countEntries();
    await store.sql('alter table event_log add constraint no_more check (seq < 0) not valid');
    await expect(issueAt(40)).rejects.toThrow();
    await store.sql('alter table event_log drop constraint no_more');
    expect(await countEntries()).toBe(before);
    await issueAt(41);
    await expectWholeChain(ledger, createForecastReader(store.db), before + 2);
  });

  it('refuses to be changed, even by the owner of the database', async () => {
    await issueAt(50);
    await store.sql(`insert into forecast_score (instrument_id, horizon, as_of, model_id, scored_at, target_time, actual)
      select instrument_id, horizon, as_of, model_id, target_time, target_time, 1 from forecast limit 1`);
    for (const relation of ['forecast', 'forecast_input', 'forecast_score', 'ledger_head']) {
      const column = relation === 'ledger_head' ? 'seq' : 'model_id';
      await expect(store.sql(`update ${relation} set ${column} = ${column}`)).rejects.toThrow(/append-only/);
      await expect(store.sql(`delete from ${relation}`)).rejects.toThrow(/append-only/);
      await expect(store.sql(`truncate ${relation}`)).rejects.toThrow(/append-only/);
    }
  });

  it('keeps any text of a program, and numbers down to their last bit', async () => {
    await store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: minute(55), speed: 0 });
    const batch = aForecastBatch(id, model.id, minute(55), { reference: { modelId: model.id, sigma: Number.MIN_VALUE } });
    const codeVersion = 'C:\\new\ttab\r\nline \\N \\. "quoted" {braces}, ü';
    const [issued] = await writer.appendForecasts([{ ...batch, codeVersion }], 10_000);
    expect(issued).toMatchObject({ codeVersion, reference: { sigma: 5e-324 }, signal: null, calibration: null });
    const [entry] = await ledger.findEntries({ venue: 'SIM', afterSeq: (await countEntries()) - 1, limit: 1 });
    expect(entry).toEqual(issued);
    await expectWholeChain(ledger, createForecastReader(store.db), await countEntries());
  });

  it('gives every entry an id of its own that begins with its time of issue', async () => {
    await issueAt(57);
    const entries = await ledger.findEntries({ venue: 'SIM', afterSeq: (await countEntries()) - 2, limit: 2 });
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(2);
    for (const entry of entries) {
      expect(entry.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(entry.id.replaceAll('-', '').slice(0, 12), 16)).toBe(entry.issuedAt);
    }
  });

  it('refuses a quantile that is no number, and stores nothing of its batch', async () => {
    const before = await countEntries();
    const batch = aForecastBatch(id, model.id, minute(58), { horizons: ['1h', '2h'] });
    const broken = batch.forecasts.map((forecast, index) =>
      index === 0 ? forecast : { ...forecast, quantiles: forecast.quantiles.map((quantile) => ({ ...quantile, logReturn: Number.NaN })) },
    );
    await expect(writer.appendForecasts([{ ...batch, forecasts: broken }], 10_000)).rejects.toMatchObject({
      code: 'forecast_quantiles_invalid',
    });
    expect(await countEntries()).toBe(before);
  });

  it('says once what one call says twice, of the first input that it gives', async () => {
    const before = await countEntries();
    await store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: minute(59), speed: 0 });
    const batch = aForecastBatch(id, model.id, minute(59), { horizons: ['1h', '1h', '2h'] });
    expect(await writer.appendForecasts([batch], 10_000)).toHaveLength(2);
    expect(await countEntries()).toBe(before + 2);
    await writer.appendForecasts([batch, { ...batch, input: new Uint8Array([1, 2, 3, 4]) }], 10_000);
    expect(await countEntries()).toBe(before + 2);
  });

  it('knows what the bytes of its inputs hash to', async () => {
    await issueAt(60);
    const [entry] = await ledger.findEntries({ venue: 'SIM', afterSeq: (await countEntries()) - 1, limit: 1 });
    if (!entry) throw new Error('nothing was issued');
    expect(await ledger.hashInputs([entry])).toEqual(new Set([entry.inputHash]));
  });
});
