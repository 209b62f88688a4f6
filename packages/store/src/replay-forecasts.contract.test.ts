import {
  addMs,
  type ForecastWriter,
  HORIZONS,
  type InstrumentId,
  type KnownForecastQuery,
  type Model,
  type ReplayReader,
} from '@candlecast/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createForecastScorer } from './forecast-scorer.ts';
import { createForecastWriter } from './forecast-writer.ts';
import { createReplayReader } from './replay-reader.ts';
import { A_SCORE, aForecastBatch } from './testing/a-forecast-batch.ts';
import { candlesBetween, minute, openTestStore, type TestStore } from './testing/test-store.ts';

let store: TestStore;
let writer: ForecastWriter;
let reader: ReplayReader;
let model: Model;
let ids: InstrumentId[];

beforeAll(async () => {
  store = await openTestStore();
  writer = createForecastWriter(store.db);
  reader = createReplayReader(store.db);
  const facts = { sha256: null, artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {} };
  model = await writer.saveModel({ ...facts, name: 'ewma', version: '1', kind: 'BASELINE' });
  ids = [await store.list(), await store.list()];
  for (const at of [1, 2, 20, 3]) {
    await setTime(at, 700);
    const batches = ids.map((id) =>
      aForecastBatch(id, model.id, minute(at), { horizons: ['5m', '1h'], reference: { modelId: model.id, sigma: 0.1 } }),
    );
    await writer.appendForecasts(batches, 10_000);
  }
  const minutes = candlesBetween(0, 8);
  await store.writer.commitClosed(
    ids.map((instrumentId) => ({ instrumentId, candles: minutes })),
    minute(9),
  );
  await setTime(30, 0);
  await createForecastScorer(store.db).resolveMatured({ venue: 'SIM', limit: 100, score: () => A_SCORE });
});
afterAll(() => store.close());

const setTime = (at: number, ms: number) =>
  store.instruments.saveClock({ venue: 'SIM', wallTime: minute(0), anchorTime: addMs(minute(at), ms), speed: 0 });

const query = (values: Partial<KnownForecastQuery> = {}): KnownForecastQuery => ({
  instrumentIds: ids,
  horizons: HORIZONS,
  after: { time: minute(0), key: '' },
  until: minute(100),
  limit: 100,
  ...values,
});

async function pageThrough<E extends { time: KnownForecastQuery['until']; key: string }>(
  read: (query: KnownForecastQuery) => Promise<E[]>,
) {
  const all: E[] = [];
  for (;;) {
    const page = await read(query({ limit: 3, ...(all.at(-1) ? { after: all.at(-1) as E } : {}) }));
    all.push(...page);
    if (page.length < 3) return all;
  }
}

describe('forecasts as they became known', () => {
  it('come in the order of their issue, each with the head of its transaction, also within one moment', async () => {
    const issued = await reader.findKnownForecasts(query());
    expect(issued.map(({ time, forecast }) => [(time - minute(0) - 700) / 60_000, forecast.ledgerSeq, forecast.horizon])).toEqual(
      [1, 2, 3, 20].flatMap((at, n) => {
        const first = [1, 5, 13, 9][n] ?? 0;
        return [0, 1, 2, 3].map((k) => [at, first + k, k % 2 === 0 ? '5m' : '1h']);
      }),
    );
    expect(issued[1]?.head).toMatchObject({ venue: 'SIM', seq: 4, at: issued[1]?.time });
    expect(issued[1]?.head?.hash).toBe(issued[3]?.forecast.hash);
    expect(await pageThrough((each) => reader.findKnownForecasts(each))).toEqual(issued);
  });

  it('are those of the instruments and horizons asked for, up to a moment', async () => {
    const some = await reader.findKnownForecasts(query({ instrumentIds: ids.slice(1), horizons: ['1h'], until: addMs(minute(2), 700) }));
    expect(some.map(({ instrumentId, forecast, time }) => [instrumentId, forecast.horizon, time])).toEqual([
      [ids[1], '1h', addMs(minute(1), 700)],
      [ids[1], '1h', addMs(minute(2), 700)],
    ]);
    expect(await reader.findKnownForecasts(query({ until: addMs(minute(1), 699) }))).toEqual([]);
  });

  it('have outcomes when they were scored, in the order of their targets', async () => {
    const scored = await reader.findKnownResolutions(query());
    expect(scored.map(({ time, forecast, instrumentId }) => [time, forecast.asOf, instrumentId])).toEqual(
      [1, 2, 3].flatMap((at) => ids.map((id) => [minute(30), minute(at), id])),
    );
    expect(scored[0]?.resolution).toMatchObject({ resolvedAt: minute(30), score: { crps: A_SCORE.crps } });
    expect(await pageThrough((each) => reader.findKnownResolutions(each))).toEqual(scored);
    expect(await reader.findKnownResolutions(query({ until: addMs(minute(30), -1) }))).toEqual([]);
  });
});

/** Rows of the table and of its indexes that the transaction has read. */
const READ_TUPLES = {
  name: 'test-read-tuples',
  text: `
    select (pg_stat_get_xact_tuples_returned(c.oid)
      + (select sum(pg_stat_get_xact_tuples_returned(i.indexrelid)) from pg_index i where i.indrelid = c.oid))::integer as count
    from pg_class c where c.relname = 'candle_revision'`,
};

describe('the versions of minutes', () => {
  it('are read for a span of time without those of any other', async () => {
    const id = await store.list();
    await store.writer.startLive(id, minute(0));
    await store.sql(`
      insert into candle_revision (instrument_id, open_time, open, high, low, close, base_volume, revision, known_at, replaced_at)
      select (select id from instrument where symbol = '${id.slice(4)}'), t, 1, 1, 1, 1, 1, 0, t + interval '90 seconds', t + interval '1 day'
      from generate_series(timestamptz '2022-01-03Z', timestamptz '2022-01-31Z', interval '1 minute') t`);
    await store.sql('vacuum analyze candle_revision');
    await store.db.sessions.transact(async (session) => {
      const inside = createReplayReader({ sessions: session as never });
      const from = minute(20_000);
      const known = await inside.findKnownMinutes({
        instrumentIds: [id],
        after: { time: from, key: '' },
        until: minute(20_010),
        limit: 100,
      });
      expect(known.map(({ candle }) => candle.openTime)).toEqual(Array.from({ length: 10 }, (_, n) => minute(19_999 + n)));
      const [read] = await session.run<{ count: number }>(READ_TUPLES);
      expect(read?.count).toBeLessThan(100); // of 40,321
    });
  });
});
