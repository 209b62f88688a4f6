import { addMs, DAY_MS, HOUR_MS, type InstrumentId, MINUTE_MS, type Model, toDecimal } from '@candlecast/domain';
import { createDriftStore } from '@candlecast/store';
import { createLogger, createMetrics } from '@candlecast/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toInputBytes } from '../features/model-input.ts';
import { aForecast } from '../testing/a-forecast.ts';
import { randomWalk, WALK_START } from '../testing/random-walk.ts';
import { openTestMarket, type TestMarket, VENUE } from '../testing/test-market.ts';
import { toScaledPart } from './clipped-share.ts';
import { createChampionMetrics } from './metrics.ts';
import { watchDrift } from './watch-drift.ts';

/** A walk begins at one. */
const MIDNIGHT = addMs(WALK_START, 2 * DAY_MS);
const NOW = addMs(MIDNIGHT, 5 * MINUTE_MS);

let market: TestMarket;
let id: InstrumentId;
let network: Model;
let mixture: Model;

beforeAll(async () => {
  market = await openTestMarket();
  id = await market.addLive('BTCUSDT', randomWalk({ minutes: 3, seed: 1 }));
  await market.setTime(NOW);
  const facts = { kind: 'LSTM', artifactPath: 'x', trainedFrom: WALK_START, trainedThrough: WALK_START, featureSchema: 1 } as const;
  const scaled = [toScaledPart(0, 4, { mean: Float32Array.of(0), std: Float32Array.of(1) })];
  network = await market.writer.saveModel({
    ...facts,
    name: 'network',
    version: '1',
    sha256: 'a'.repeat(64),
    card: { venue: VENUE, scaled },
  });
  const members = [{ name: 'network', version: '1', sha256: network.sha256 }];
  mixture = await market.writer.saveModel({
    ...facts,
    name: 'mixture',
    version: '1',
    sha256: 'b'.repeat(64),
    card: { venue: VENUE, members },
  });
  const change = { venue: VENUE, formerName: null, reason: 'INSTALLED', at: NOW, decidedBy: 'test', figures: {}, after: null } as const;
  await market.champions.change([{ ...change, horizon: '1h', name: 'network', modelId: network.id }]);
  await market.champions.change([{ ...change, horizon: '2h', name: 'mixture', modelId: mixture.id }]);
});
afterAll(() => market.drop());

async function give(hoursBefore: number, ...floats: number[]): Promise<void> {
  const asOf = addMs(MIDNIGHT, -hoursBefore * HOUR_MS);
  const input = toInputBytes(Float32Array.from(floats));
  const about = { instrumentId: id, modelId: network.id, asOf, refPrice: toDecimal('1.50'), reference: null };
  const forecasts = [aForecast(about, '1h')];
  await market.writer.appendForecasts([{ instrumentId: id, modelId: network.id, asOf, input, codeVersion: 'test', forecasts }], 1e13);
}

const watch = () =>
  watchDrift(
    {
      champions: market.champions,
      forecasts: market.reader,
      checks: createDriftStore(market.database),
      metrics: createChampionMetrics(createMetrics()),
      logger: createLogger('test', 'silent'),
    },
    VENUE,
    NOW,
  );

describe('watchDrift', () => {
  it('looks at the features of the day before, those of a mixture’s members, and at long gaps, and keeps what it saw first', async () => {
    // A day earlier, and on the day but not on the hour: neither counts.
    await give(25, 9, 9, 9, 9);
    await give(1.5, 9, 9, 9, 9);
    await give(2, 0, 0, 0, 4.5);
    await give(3, 0, 0, 0, -3.9);
    const gap = { from: addMs(MIDNIGHT, -3 * HOUR_MS), to: addMs(MIDNIGHT, -2 * HOUR_MS) };
    await market.recordGap(id, gap, 'SOURCE_INCOMPLETE');
    const stood = { at: MIDNIGHT, clippedShare: 0.125, gappedInstruments: 0, lossRatio: null, coverage90: null, alarms: ['CLIPPED'] };
    expect(await watch()).toMatchObject([
      { ...stood, horizon: '1h', modelId: network.id },
      { ...stood, horizon: '2h', modelId: mixture.id },
    ]);
    await market.recordGap(id, { from: gap.to, to: addMs(gap.to, HOUR_MS + MINUTE_MS) }, 'SOURCE_INCOMPLETE');
    expect(await watch()).toMatchObject([{ gappedInstruments: 1, alarms: ['CLIPPED', 'GAPS'] }, {}]);
    const kept = await createDriftStore(market.database).findNewest(VENUE);
    expect(kept).toMatchObject([
      { horizon: '1h', alarms: ['CLIPPED'] },
      { horizon: '2h', alarms: ['CLIPPED'] },
    ]);
  });
});
