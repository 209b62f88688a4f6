import {
  addMs,
  type CandleValues,
  DAY_MS,
  type Hindcast,
  HORIZONS,
  HOUR_MS,
  type InstrumentId,
  MINUTE_MS,
  systemClock,
  toEpochMs,
} from '@candlecast/domain';
import { createHindcastReader, createHindcastWriter } from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SERVED_HORIZONS } from '../features/feature-schema.ts';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { findVenueTime } from '../venue-time.ts';
import { type HindcastOptions, makeHindcasts } from './make-hindcasts.ts';
import { createHindcastMetrics } from './metrics.ts';
import { walkInWorker } from './walk-in-worker.ts';
import type { WalkTask } from './walk-protocol.ts';

const SCRIPT = new URL('./start-walk-worker.mjs', import.meta.url);
const MONTH = toEpochMs(Date.UTC(2022, 1, 1));
const FROM = addMs(MONTH, -46 * DAY_MS);
const forever = new AbortController().signal;

let market: TestMarket;
beforeEach(async () => {
  market = await openTestMarket();
});
afterEach(() => market.drop());

const history = (hours: number) => randomWalk({ minutes: 46 * 1_440 + hours * 60, seed: 5, from: FROM });

/** A maker of hindcasts over the market, which notes what it walks. */
function aMaker(options: Partial<HindcastOptions> = {}) {
  const tasks: WalkTask[] = [];
  const metrics = createHindcastMetrics(createMetrics());
  const { instruments, candles, database } = market;
  const ports = {
    ...{ instruments, candles, writer: createHindcastWriter(database), metrics, logger: createLogger('test', 'silent') },
    walk: (task: WalkTask, signal: AbortSignal) => {
      tasks.push(task);
      return walkInWorker(SCRIPT, task, signal);
    },
    now: () => findVenueTime(instruments, VENUE, systemClock),
  };
  const wish: HindcastOptions = { venue: VENUE, codeVersion: 'test', paceOf: () => 'HOURLY', minuteDays: 1, leastDays: 40, ...options };
  return { tasks, metrics, make: (signal = forever) => makeHindcasts(ports, wish, signal) };
}

const findAll = (instrumentId: InstrumentId) =>
  createHindcastReader(market.database).findHindcasts({
    ...{ instrumentId, horizons: HORIZONS, range: { from: FROM, to: addMs(MONTH, 30 * DAY_MS) }, limit: 100_000 },
    ...({ take: 'oldest', beyond: undefined } as const),
  });
const hoursOf = (found: readonly Hindcast[]) => [...new Set(found.map(({ asOf }) => (asOf - MONTH) / HOUR_MS))];
const closeAt = (candles: readonly CandleValues[], asOf: number) => candles.find(({ openTime }) => openTime + MINUTE_MS === asOf)?.close;

describe('makeHindcasts', () => {
  it('walks the hours of a month with a model that was trained before it, goes on with the next ones, and leaves no trace in the ledger', async () => {
    const candles = history(5);
    const id = await market.addLive('BTCUSDT', candles);
    const maker = aMaker();
    expect(await maker.make()).toBe(5); // 0:00 to 4:00; the last hour has not settled
    const found = await findAll(id);
    expect(hoursOf(found)).toEqual([0, 1, 2, 3, 4]);
    expect(found).toHaveLength(5 * SERVED_HORIZONS.length);
    for (const { model, asOf, refPrice } of found) {
      expect(model.trainedThrough).toBe(addMs(MONTH, -15 * MINUTE_MS));
      expect(model).toMatchObject({ name: 'har-s', codeVersion: 'test', trainedFrom: FROM });
      expect(refPrice).toBe(closeAt(candles, asOf));
    }
    const [task] = maker.tasks;
    const trainedThrough = (task?.training.firstOpenTime ?? 0) + (task?.training.length ?? 0) * (task?.training.stepMs ?? 0);
    expect(trainedThrough).toBe(found[0]?.model.trainedThrough);

    expect(await maker.make()).toBe(0);
    expect(maker.tasks).toHaveLength(1); // nothing was left
    await market.setTime(addMs(MONTH, 6 * HOUR_MS));
    expect(await maker.make()).toBe(1);
    expect(maker.tasks[1]?.moments).toEqual([addMs(MONTH, 5 * HOUR_MS)]);
    expect((await findAll(id)).slice(0, found.length)).toEqual(found);
    for (const table of [
      'forecast',
      'forecast_input',
      'forecast_due',
      'forecast_score',
      'track_day',
      'ledger_head',
      'model',
      'paper_trade',
    ])
      expect(await market.readSql(`select * from ${table}`)).toEqual([]);
  }, 120_000);

  it('walks the newest days of a default instrument at every due time', async () => {
    const candles = history(4);
    const id = await market.addLive('BTCUSDT', candles);
    const maker = aMaker({ paceOf: () => 'EVERY_CLOSE' });
    expect(await maker.make()).toBe(181);
    const found = await findAll(id);
    const perMoment = new Map<number, string[]>();
    for (const { asOf, horizon, refPrice } of found) {
      perMoment.set(asOf, [...(perMoment.get(asOf) ?? []), horizon]);
      expect(refPrice).toBe(closeAt(candles, asOf));
    }
    expect(perMoment.get(addMs(MONTH, HOUR_MS + MINUTE_MS))).toEqual(['15m', '30m', '1h', '2h']);
    expect(perMoment.get(addMs(MONTH, HOUR_MS + 15 * MINUTE_MS))).toEqual([...SERVED_HORIZONS]);
    const counts = await maker.metrics.made.get();
    expect(counts.values.map(({ labels, value }) => [labels.outcome, value])).toEqual(
      expect.arrayContaining([
        ['made', 181],
        ['present', 4],
        ['silent', 0],
      ]),
    );
  }, 120_000);

  it('passes over a month before which there is too little, counted, and over a gap', async () => {
    const candles = history(5);
    const gap = candles.findIndex(({ openTime }) => openTime === addMs(MONTH, 2 * HOUR_MS - 5 * MINUTE_MS));
    const id = await market.addLive('BTCUSDT', candles.toSpliced(gap, 1));
    const openTime = candles[gap]?.openTime ?? MONTH;
    await market.recordGap(id, { from: openTime, to: addMs(openTime, MINUTE_MS) }, 'EXCHANGE_OUTAGE');
    await market.addLive('NEWUSDT', candles.slice(-32 * 1_440));
    const maker = aMaker({ leastDays: 20 });
    expect(await maker.make()).toBe(4);
    expect(hoursOf(await findAll(id))).toEqual([0, 1, 3, 4]);
    expect((await maker.metrics.refused.get()).values).toMatchObject([{ labels: { code: 'history_too_short' }, value: 1 }]);
  }, 120_000);

  it('stops when it is told to, with what was walked kept', async () => {
    const id = await market.addLive('BTCUSDT', history(5));
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    await expect(aMaker().make(stop.signal)).rejects.toThrow('stopped');
    expect(await findAll(id)).toEqual([]);
    expect(await aMaker().make()).toBe(5);
  }, 120_000);
});
