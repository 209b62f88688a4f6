import {
  addMs,
  type Forecast,
  type Horizon,
  horizonMs,
  type InstrumentId,
  type Model,
  QUANTILE_LEVELS,
  type Score,
  toDecimal,
  toSignal,
} from '@candlecast/domain';
import { expect } from 'vitest';
import { post } from './post.ts';
import { at, BTC, ETH, startTestMarket, type TestMarket } from './test-market.ts';

/** A market whose forecasts have come to their targets. */
export interface ScoredMarket {
  readonly market: TestMarket;
  readonly httpUrl: string;
  /** The LSTM that is served. */
  readonly model: Model;
  readonly ewma: Model;
  /** Asks the gateway; expects no error. */
  ask<T>(query: string): Promise<T>;
}

const SCORE: Score = {
  isReference: false,
  logReturn: 0.001,
  hit: true,
  band: 80,
  absErr: toDecimal('0.50'),
  absErrNaive: toDecimal('1.00'),
  crps: 0.9,
  crpsReference: 1,
  brier: 0.16,
  crpsCalibrated: null,
  bandCalibrated: null,
  scorer: 1,
};

/**
 * Starts a market with a gateway. Closes 3 to 8 of BTC are forecast but for 5, the last one late; those of 30 minutes come to their targets at
 * 33 to 36 and 38, and are scored at 36 and at 40. Stopped with `market.stop()`.
 */
export async function startScoredMarket(): Promise<ScoredMarket> {
  const market = await startTestMarket();
  await market.list(BTC, ETH);
  const { httpUrl } = await market.startGateway();
  const facts = { artifactPath: null, trainedFrom: at(-9_000), trainedThrough: at(-10), featureSchema: 1, card: {} };
  const ewma = await market.forecasts.saveModel({ ...facts, name: 'ewma-normal', version: '1', kind: 'BASELINE', sha256: null });
  await market.forecasts.saveModel({ ...facts, name: 'lstm', version: '0', kind: 'LSTM', sha256: 'b'.repeat(64) });
  const model = await market.forecasts.saveModel({ ...facts, name: 'lstm', version: '1', kind: 'LSTM', sha256: 'a'.repeat(64) });
  await market.close(BTC, 0, 3);
  for (const minute of [3, 4, 6, 7, 8]) {
    await setTime(market, minute, minute === 8 ? 20_000 : 1_000);
    await issue(market, ewma, BTC, minute, ewma, '30m');
    await issue(market, ewma, BTC, minute, model, '15m', '30m', '1h', '24h');
    await market.close(BTC, minute, minute === 4 ? 6 : minute + 1);
  }
  await setTime(market, 36);
  await market.close(BTC, 9, 36);
  await resolve(market);
  await market.close(BTC, 36, 40);
  await setTime(market, 40);
  await resolve(market);
  return {
    market,
    httpUrl,
    model,
    ewma,
    async ask<T>(query: string): Promise<T> {
      const { data, errors } = await post<T>(httpUrl, query);
      expect(errors).toEqual([]);
      return data;
    },
  };
}

/** Stops the venue's clock some milliseconds after a minute. */
function setTime(market: TestMarket, minute: number, ms = 0): Promise<void> {
  market.clock.set(addMs(at(minute), ms));
  return market.instruments.saveClock({ venue: 'SIM', wallTime: addMs(at(minute), ms), anchorTime: addMs(at(minute), ms), speed: 0 });
}

function issue(market: TestMarket, reference: Model, id: InstrumentId, minute: number, by: Model, ...horizons: Horizon[]) {
  const asOf = at(minute);
  const median = by === reference ? 0 : 0.005;
  const quantiles = QUANTILE_LEVELS.map((level, index) => ({
    level,
    logReturn: median + (index - 4) / 1_000,
    value: toDecimal(`${1_000 + index}.00`),
  }));
  const costs = { feeBps: 10, spreadBps: 2, spreadAt: minute === 7 ? null : addMs(asOf, -1_000) };
  const forecasts = horizons.map((horizon) => ({
    instrumentId: id,
    modelId: by.id,
    horizon,
    asOf,
    targetTime: addMs(asOf, horizonMs(horizon)),
    refPrice: toDecimal('1000.50'),
    pUp: 0.6,
    reference: { modelId: reference.id, sigma: 0.01 * Math.sqrt(horizonMs(horizon) / horizonMs('1h')) },
    quantiles,
    signal: toSignal(quantiles, costs),
    calibration:
      minute === 4 && by !== reference
        ? {
            logReturns: quantiles.map(({ logReturn }) => 2 * logReturn),
            values: quantiles.map(({ level }) => toDecimal(`${1_000 + 100 * level}`)),
            madeAt: at(0),
          }
        : null,
  }));
  return market.forecasts.appendForecasts(
    [{ instrumentId: id, modelId: by.id, asOf, input: new Uint8Array([minute]), codeVersion: 'test', forecasts }],
    10_000,
  );
}

function resolve(market: TestMarket) {
  const score = ({ timing, calibration }: Forecast): Score => {
    if (timing === 'LATE') return { ...SCORE, isReference: true, hit: null, crps: 1 };
    return calibration ? { ...SCORE, crpsCalibrated: 0.8, bandCalibrated: 95 } : SCORE;
  };
  return market.scorer.resolveMatured({ venue: 'SIM', limit: 1_000, score });
}
