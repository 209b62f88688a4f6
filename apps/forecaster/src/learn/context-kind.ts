import { AppError, addMs, DAY_MS, type EpochMs, type InstrumentId, MINUTE_MS } from '@candlecast/domain';
import type { BarSource } from '../dataset/stored-bars.ts';
import type { ServedHorizon } from '../features/feature-schema.ts';
import { LIVE_BARS } from '../features/live-bars.ts';
import { createContextMachine } from '../models/context/context-machine.ts';
import { openContextSession } from '../onnx/context-session.ts';
import { createBarKeeper, lastBarClose } from '../serve/bar-keeper.ts';
import { createMarketKeeper } from '../serve/market-keeper.ts';
import type { BarModelKind } from './bar-learner.ts';
import { FIRST_CONTEXT } from './training-plans.ts';

/** The name under which the LSTM with context forecasts: the laboratory's. */
export const LSTM_CONTEXT = 'lstm-context';

/** Warm-up, thirty days of validation and as much to learn from. */
const LEAST_HISTORY_MS = LIVE_BARS.warmup * LIVE_BARS.stepMs + 62 * DAY_MS;

/** Returns how the LSTM with context comes to serve. */
export function createContextKind(candles: BarSource): BarModelKind {
  return {
    name: LSTM_CONTEXT,
    firstTraining: FIRST_CONTEXT.kind,
    leastHistoryMs: LEAST_HISTORY_MS,
    async open(model, file) {
      const session = await openContextSession(file);
      const { basket } = model.card;
      if (!Array.isArray(basket)) throw new AppError('onnx_unreadable', `the card of ${model.name} ${model.version} names no basket`);
      const market = createMarketKeeper(candles, basket as InstrumentId[]);
      const keeper = createBarKeeper(candles, createContextMachine);
      let isMarketStale = true;
      return {
        predictor: {
          model,
          horizons: LIVE_BARS.horizons as readonly ServedHorizon[],
          async prepare(closes) {
            await keeper.advance(closes);
            const newest = closes.reduce((latest, { asOf }) => Math.max(latest, asOf), 0) as EpochMs;
            await market.advance(lastBarClose(newest));
          },
          toInput: (series, end, instrumentId) =>
            keeper.find({ instrumentId, asOf: addMs(series.firstOpenTime, (end + 1) * MINUTE_MS) })?.input(market),
          predict: (inputs) => session.run(inputs),
        },
        async load(instruments, signal) {
          const ends = instruments.flatMap(({ watermark }) => (watermark === null ? [] : [lastBarClose(addMs(watermark, MINUTE_MS))]));
          if (isMarketStale && ends.length > 0) {
            isMarketStale = false;
            await market.load(Math.max(...ends) as EpochMs);
          }
          await keeper.load(instruments, signal);
        },
        note(event) {
          keeper.note(event);
          const isOfPast = event.topic === 'candles.backfilled' || event.topic === 'candle.corrected';
          if (isOfPast && basket.includes(event.payload.instrumentId)) isMarketStale = true;
        },
        release: () => session.release(),
      };
    },
  };
}
