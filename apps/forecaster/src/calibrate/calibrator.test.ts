import {
  addMs,
  calibrate,
  DAY_MS,
  type EpochMs,
  type InstrumentId,
  type Model,
  QUANTILE_LEVELS,
  systemClock,
  toEpochMs,
} from '@candlecast/domain';
import { createCalibrationStore } from '@candlecast/store';
import { createLogger } from '@candlecast/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_QUANTILES } from '../models/normal.ts';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { findVenueTime } from '../venue-time.ts';
import { createCalibrator } from './calibrator.ts';
import { makeTables } from './make-tables.ts';

const DAY_0 = toEpochMs(Date.parse('2022-03-01T00:00:00Z'));
const day = (n: number) => addMs(DAY_0, n * DAY_MS);

let market: TestMarket;
let id: InstrumentId;
let models: Model[];

beforeAll(async () => {
  market = await openTestMarket();
  id = await market.addLive('BTCUSDT', randomWalk({ minutes: 3 }));
  const facts = { artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {} };
  models = [
    await market.writer.saveModel({ ...facts, name: 'lstm', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64) }),
    await market.writer.saveModel({ ...facts, name: 'lstm', version: '2', kind: 'LSTM', sha256: 'b'.repeat(64) }),
  ];
});
afterAll(() => market.drop());

/** Stores eight matured forecasts of each day from day `from` on, whose quantiles are half as wide as what came; day 60 holds wilder ones. */
async function mature(from: number, to: number, model: Model, move = 2): Promise<void> {
  const quantiles = NORMAL_QUANTILES.map((quantile) => quantile / 100);
  await market.runSql(`
    insert into forecast (instrument_id, model_id, horizon, as_of, target_time, issued_at, timing, ref_price, p_up, log_returns, prices, input_hash,
      ledger_seq, prev_hash, hash)
    select 1, ${model.id}, '1h', t, t + interval '1 hour', t, 'ON_TIME', 1, 0.5, '{${quantiles.join(',')}}', array_fill(1::numeric, array[9]), 'x', 1, '', ''
    from generate_series(timestamptz '${new Date(day(from)).toISOString()}', '${new Date(day(to) - 1).toISOString()}', interval '3 hours') t;
    insert into forecast_score (instrument_id, horizon, as_of, model_id, scored_at, target_time, actual, log_return)
    select f.instrument_id, f.horizon, f.as_of, f.model_id, f.target_time, f.target_time, 1,
      ${move} * (f.log_returns)[1 + (row_number() over (order by f.as_of) * 7)::integer % 9]
    from forecast f where f.as_of >= '${new Date(day(from)).toISOString()}' and f.as_of < '${new Date(day(to)).toISOString()}';
    insert into track_day select 1, ${model.id}, '1h', scored_at::date, min(as_of), max(as_of), 8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from forecast_score s where s.as_of >= '${new Date(day(from)).toISOString()}' and s.as_of < '${new Date(day(to)).toISOString()}' group by scored_at::date`);
}

/** The tables of a day as one process makes them and any process knows them. */
function open() {
  const store = createCalibrationStore(market.database);
  const logger = createLogger('test', 'silent');
  const now = () => findVenueTime(market.instruments, VENUE, systemClock);
  const calibrator = createCalibrator({ store, now, logger }, { venue: VENUE, pollMs: 1_000, patience: { baseMs: 1, capMs: 1 } });
  return {
    find: calibrator.find,
    async makeTables(signal: AbortSignal) {
      const made = await makeTables({ store, logger }, VENUE, await now(), signal);
      await calibrator.load();
      return made;
    },
  };
}

describe('the calibrator', () => {
  const { signal } = new AbortController();
  const key = () => ({ instrumentId: id, horizon: '1h' as const, modelName: 'lstm' });

  it('makes no table of fewer than sixty days, and one of sixty, over the versions of a name', async () => {
    const calibrator = open();
    await mature(0, 40, models[0] as Model);
    await mature(40, 59, models[1] as Model);
    await market.setTime(addMs(day(59), 1_000));
    expect(await calibrator.makeTables(signal)).toBe(0);
    expect(calibrator.find(key(), day(59))).toBeUndefined();
    await mature(59, 60, models[1] as Model);
    await market.setTime(addMs(day(60), 1_000));
    expect(await calibrator.makeTables(signal)).toBe(1);
    const table = calibrator.find(key(), day(60));
    expect(table).toMatchObject({ madeAt: day(60), forecasts: 480, days: 60 });
    // What came was twice as wide: the outer quantiles come to stand about twice as far out.
    expect(table?.scales[0]).toBeCloseTo(2, 6);
    expect(table?.scales[4]).toBe(1);
    expect(await calibrator.makeTables(signal)).toBe(0);
  });

  it('measures on nothing that matured later, and holds for three days', async () => {
    const before = open();
    await market.setTime(addMs(day(60), 2_000));
    await before.makeTables(signal);
    const table = before.find(key(), day(60));
    await mature(60, 61, models[1] as Model, 40);
    const again = open();
    await again.makeTables(signal);
    expect(again.find(key(), day(60))).toEqual(table);
    expect((await createCalibrationStore(market.database).findMatured(key(), day(60))).matured).toHaveLength(480);
    expect(again.find(key(), addMs(day(60), -1))).toBeUndefined();
    expect(again.find(key(), day(63))).toEqual(table);
    expect(again.find(key(), addMs(day(63), 1))).toBeUndefined();
    expect(again.find({ ...key(), horizon: '2h' }, day(60))).toBeUndefined();
  });

  it('never changes a table', async () => {
    await expect(market.runSql('update calibration set days = 1')).rejects.toThrow(/append-only/);
    expect(calibrate(QUANTILE_LEVELS as never, Array(9).fill(1) as EpochMs[])).toHaveLength(9);
  });
});
