import { addMs, DAY_MS, HOUR_MS, type InstrumentId, MINUTE_MS, toDecimal } from '@candlecast/domain';
import { createWideningStore } from '@candlecast/store';
import { createLogger } from '@candlecast/telemetry';
import { aCandle } from '@candlecast/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NORMAL_QUANTILES } from '../models/normal.ts';
import { randomWalk, WALK_START } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { widenPaths } from './widen-paths.ts';

const DAYS = 30;
/** Of 29 days, but that the price is not known at the beginning of the first. */
const PATHS = (DAYS - 1) * 24;
const MIDNIGHT = addMs(WALK_START, DAYS * DAY_MS);
/** Of an hour; half widths are 1.96 of it at every hour, as the root of time has it. */
const SIGMA = 0.01;
const [OUTER] = NORMAL_QUANTILES.slice(-1) as [number];

let market: TestMarket;
let id: InstrumentId;

beforeAll(async () => {
  market = await openTestMarket();
  id = await market.addLive('BTCUSDT', randomWalk({ minutes: 3, seed: 1, from: MIDNIGHT }));
  const facts = { artifactPath: null, trainedFrom: null, trainedThrough: null, featureSchema: 1, card: {} };
  await market.writer.saveModel({ ...facts, name: 'lstm', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64) });
  // The price stands, but for a minute at noon, when it lies two half widths of an hour higher.
  const [flat, high] = [0, 2 * OUTER * SIGMA].map((move) => toDecimal((100 * Math.exp(move)).toFixed(10)));
  const minutes = Array.from({ length: (MIDNIGHT - WALK_START) / MINUTE_MS }, (_, minute) => addMs(WALK_START, minute * MINUTE_MS));
  await market.fillHistory(
    id,
    minutes.map((openTime) => {
      const price = (openTime + MINUTE_MS) % DAY_MS === 12 * HOUR_MS ? high : flat;
      return aCandle({ openTime, open: price, high: price, low: price, close: price });
    }),
  );
  const horizons = [
    ['15m', 0.25],
    ['24h', 24],
  ] as const;
  for (const [horizon, hours] of horizons) {
    const quantiles = NORMAL_QUANTILES.map((quantile) => quantile * SIGMA * Math.sqrt(hours));
    await market.runSql(`
      insert into forecast (instrument_id, model_id, horizon, as_of, target_time, issued_at, timing, ref_price, p_up, log_returns, prices, input_hash,
        ledger_seq, prev_hash, hash)
      select 1, 1, '${horizon}', t, t + interval '${hours * 60} minutes', t, 'ON_TIME', 1, 0.5, '{${quantiles.join(',')}}', array_fill(1::numeric, array[9]),
        'x', 1, '', ''
      from generate_series(timestamptz '${new Date(WALK_START).toISOString()}', '${new Date(MIDNIGHT).toISOString()}', interval '30 minutes') t`);
  }
  await market.runSql(`
    insert into track_day select 1, 1, '24h', d::date, d, d, 24, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from generate_series(timestamptz '${new Date(WALK_START + DAY_MS).toISOString()}', '${new Date(MIDNIGHT - DAY_MS).toISOString()}', interval '1 day') d`);
});
afterAll(() => market.drop());

describe('widenPaths', () => {
  it('measures paths that were over by midnight, on the hour, and stores what holds 80 and 90 % of them once', async () => {
    const store = createWideningStore(market.database);
    const ports = { store, candles: market.candles, logger: createLogger('test', 'silent') };
    const signal = new AbortController().signal;
    expect(await widenPaths(ports, VENUE, addMs(MIDNIGHT, HOUR_MS), signal)).toBe(1);
    expect(await widenPaths(ports, VENUE, addMs(MIDNIGHT, HOUR_MS), signal)).toBe(0);
    const [row] = await market.readSql<{ paths: number; factors: number[] }>('select paths, factors from path_widening');
    // Noon lies 1 to 23 hours ahead, or the path begins there: as many paths reach 2, 2, 2/√2, 2/√3, 2/√4 … half widths.
    expect(row).toEqual({ paths: PATHS, factors: [expect.closeTo(1, 6), expect.closeTo(Math.SQRT2, 6)] });
    const spoken = await store.findSpokenPaths({ instrumentId: id, modelName: 'lstm' }, MIDNIGHT);
    expect(spoken.at(-1)?.asOf).toBe(addMs(MIDNIGHT, -DAY_MS));
    expect(spoken[0]?.knots).toMatchObject([{ minutes: 15 }, { minutes: 1_440 }]);
  });
});
