import { addMs, type EpochMs, type InstrumentId, MINUTE_MS, type Model, toEpochMs } from '@candlecast/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EWMA_NORMAL } from '../models/ewma-normal.ts';
import { scoreForecast } from '../score/score-forecast.ts';
import { aForecast } from '../testing/a-forecast.ts';
import { randomWalk } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { rescore } from './rescore.ts';

const walk = randomWalk({ minutes: 40, seed: 3 });

let market: TestMarket;
let id: InstrumentId;
let model: Model;

beforeEach(async () => {
  market = await openTestMarket();
  id = await market.addLive('BTCUSDT', walk.slice(0, 3));
  model = await market.writer.saveModel(EWMA_NORMAL);
  for (const minute of [3, 4, 5]) await closeAndIssue(minute, minute === 5 ? 11_000 : 0);
  for (const candle of walk.slice(6, 30)) await market.close([id], candle);
  expect(await market.scorer.resolveMatured({ venue: VENUE, limit: 100, score: scoreForecast })).toHaveLength(3);
});
afterEach(() => market.drop());

async function closeAndIssue(minute: number, lateMs: number): Promise<void> {
  const candle = walk[minute];
  if (!candle) throw new Error(`the walk has no minute ${minute}`);
  await market.close([id], candle, lateMs);
  const asOf = addMs(candle.openTime, MINUTE_MS);
  const reference = { modelId: model.id, sigma: 0.004 };
  const forecasts = [aForecast({ instrumentId: id, modelId: model.id, asOf, refPrice: candle.close, reference }, '15m')];
  await market.writer.appendForecasts(
    [{ instrumentId: id, modelId: model.id, asOf, input: new Uint8Array([minute]), codeVersion: 'test', forecasts }],
    10_000,
  );
}

async function findings(): Promise<string[]> {
  const entries = await market.ledger.findEntries({ venue: VENUE, afterSeq: 0, limit: 100 });
  const found = await rescore({ ledger: market.ledger, findResolutions: market.reader.findResolutions }, entries);
  const days = await market.ledger.findDifferingDays(VENUE);
  return [...found, ...days.map(({ instrumentId, horizon, day }) => `${instrumentId} ${horizon} ${day}`)];
}

function tamper(statement: string): Promise<void> {
  return market.runSql(`set session_replication_role = replica; ${statement}; set session_replication_role = origin`);
}

const second = () => new Date((walk[4]?.openTime ?? (0 as EpochMs)) + MINUTE_MS).toISOString();

describe('rescore', () => {
  it('finds nothing where nothing was changed', async () => {
    expect(await findings()).toEqual([]);
  });

  it.each([
    ['a score, in its tenth digit', 'crps = crps * 1.000001'],
    ['a direction', 'hit = not coalesce(hit, false)'],
    ['a band', 'band = case when band = 50 then 80 else 50 end'],
  ])('names the entry of which %s was changed', async (_, change) => {
    await tamper(`update forecast_score set ${change} where as_of = '${second()}'`);
    expect(await findings()).toEqual(expect.arrayContaining([expect.stringMatching(/^entry 2 .* scored again it has/)]));
  });

  it('names the entry that was scored with another price than that of its candle', async () => {
    await tamper(`update forecast_score set actual = actual + 0.01 where as_of = '${second()}'`);
    expect(await findings()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^entry 2 .* but the candle that ends at its target time closed at/)]),
    );
  });

  it('holds a candle that was corrected later against no score', async () => {
    const target = walk[4 + 15];
    if (!target) throw new Error('the walk is too short');
    await market.setTime(toEpochMs(target.openTime + 60 * MINUTE_MS));
    await market.correct(id, { ...target, close: target.low });
    expect(await findings()).toEqual([]);
  });

  it('names the days of which the sums were changed', async () => {
    await tamper('update track_day set crps = crps - 0.0001');
    expect(await findings()).toEqual([expect.stringMatching(/^SIM:BTCUSDT 15m /)]);
  });
});
