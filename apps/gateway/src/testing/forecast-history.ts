import {
  addMs,
  type EpochMs,
  type Horizon,
  horizonMs,
  type Instrument,
  MINUTE_MS,
  type Model,
  QUANTILE_LEVELS,
  type Score,
  toDecimal,
  toEpochMs,
  toInstrumentId,
} from '@candlecast/domain';
import { createInstrumentReader } from '@candlecast/store';
import fc from 'fast-check';
import { minuteOf, START, type TestMarket } from './test-market.ts';

/** What forecaster and ingest do, one thing after the other. */
export type ForecastDeed =
  | { readonly do: 'issue'; readonly horizons: readonly Horizon[]; readonly lateMs: number }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'resolve' }
  | { readonly do: 'lose' };

const LIVED: readonly Horizon[] = ['15m', '30m', '1h', '24h'];

/** Any history. */
export const forecastDeeds = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('issue' as const),
        horizons: fc.subarray([...LIVED], { minLength: 1 }),
        lateMs: fc.constantFrom(0, 0, 0, 30_000),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 7, 40, 1_000, 1_600) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('resolve' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const) }) },
  ),
  { minLength: 6, maxLength: 24 },
) as fc.Arbitrary<ForecastDeed[]>;

let listed = 0;
let now = START;

/**
 * Lists an instrument and lives through the deeds on a clock that never goes back. `onDeed` is called after each with the venue's time; whatever it reads
 * nobody can have known later.
 */
export async function liveThroughForecasts(
  market: TestMarket,
  models: readonly Model[],
  history: readonly ForecastDeed[],
  onDeed: (instrument: Instrument, at: EpochMs) => Promise<void>,
): Promise<{ instrument: Instrument; begin: EpochMs; end: EpochMs }> {
  const id = toInstrumentId('SIM', `F${++listed}USDT`);
  await market.list(id);
  const instrument = await createInstrumentReader(market.database).findInstrument(id);
  if (!instrument) throw new Error('the instrument is not there');
  const begin = now;
  const targets = new Set<EpochMs>();

  async function moveTo(time: EpochMs): Promise<void> {
    now = toEpochMs(Math.max(now + 1, time));
    if (now > market.clock.now()) market.clock.set(now);
    await market.instruments.saveClock({ venue: 'SIM', wallTime: now, anchorTime: now, speed: 0 });
  }

  for (const deed of history) {
    await moveTo(addMs(now, 1));
    if (deed.do === 'wait') await moveTo(addMs(now, deed.minutes * MINUTE_MS));
    if (deed.do === 'issue') {
      const asOf = toEpochMs(Math.ceil(now / MINUTE_MS) * MINUTE_MS);
      await moveTo(addMs(asOf, 500 + deed.lateMs));
      await market.forecasts.appendForecasts(
        models.map((model) => ({
          instrumentId: id,
          modelId: model.id,
          asOf,
          input: new Uint8Array([listed % 256]),
          codeVersion: 'test',
          forecasts: deed.horizons.map((horizon) =>
            aForecast({ instrumentId: id, modelId: model.id, asOf, horizon, by: models[0] ?? model }),
          ),
        })),
        10_000,
      );
      for (const horizon of deed.horizons) targets.add(addMs(asOf, horizonMs(horizon)));
    }
    const past = [...targets].filter((target) => target <= now).sort((a, b) => a - b);
    if (deed.do === 'lose' && past[0] !== undefined) {
      targets.delete(past[0]);
      await market.candles.recordGap(id, { from: addMs(past[0], -MINUTE_MS), to: past[0] }, 'CONFIRMED_EMPTY', now);
    }
    if (deed.do === 'resolve') {
      for (const target of past) {
        targets.delete(target);
        const candle = minuteOf((target - START) / MINUTE_MS - 1, {
          close: toDecimal(`${900 + (target % 97)}.50`),
          high: toDecimal('9999.00'),
        });
        await market.candles.commitClosed([{ instrumentId: id, candles: [candle] }], now);
        await moveTo(addMs(now, 3));
      }
      await market.scorer.resolveMatured({
        venue: 'SIM',
        limit: 1_000,
        score: ({ ledgerSeq, timing }) => aScore(ledgerSeq, timing === 'LATE'),
      });
    }
    await onDeed(instrument, now);
  }
  return { instrument, begin, end: addMs(now, 1) };
}

function aForecast({ by, ...about }: { instrumentId: Instrument['id']; modelId: number; asOf: EpochMs; horizon: Horizon; by: Model }) {
  return {
    ...about,
    targetTime: addMs(about.asOf, horizonMs(about.horizon)),
    refPrice: toDecimal('1000.50'),
    pUp: 0.6,
    reference: { modelId: by.id, sigma: 0.01 },
    quantiles: QUANTILE_LEVELS.map((level, index) => ({ level, logReturn: (index - 4) / 1_000, value: toDecimal(`${1_000 + index}.00`) })),
  };
}

function aScore(n: number, isReference: boolean): Score {
  const crps = 0.5 + (n % 7) / 10;
  return {
    isReference,
    logReturn: 0.001,
    hit: isReference ? null : n % 2 === 0,
    band: 80,
    absErr: toDecimal('0.50'),
    absErrNaive: toDecimal('1.00'),
    crps,
    crpsReference: isReference ? crps : 1,
    brier: 0.16,
    crpsCalibrated: null,
    bandCalibrated: null,
    scorer: 1,
  };
}
