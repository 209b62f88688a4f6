import { type Forecast, toIso } from '@candlecast/domain';
import type { LogEventKind } from '../event-kind.ts';
import { isAmong } from './of-instrument.ts';

const TOPIC = 'forecast.issued';

/** A forecast has been stored. */
export const forecastIssued: LogEventKind = {
  name: TOPIC,
  description: 'A forecast has been stored, by symbol. Forecasts are data, not financial advice.',
  from: 'log',
  topic: TOPIC,
  keysOf: ({ symbols }) => (symbols.length === 0 ? undefined : symbols),
  isFor: ({ symbols }, event) => event.topic === TOPIC && isAmong(symbols, event.payload.forecast.instrumentId),
  toData: (event) => (event.topic === TOPIC ? toForecastData(event.payload.forecast) : {}),
};

function toForecastData(forecast: Forecast): object {
  const { id, instrumentId, horizon, modelId, asOf, targetTime, issuedAt, timing, refPrice, pUp, quantiles, inputHash } = forecast;
  return {
    id,
    symbol: instrumentId,
    horizon,
    modelId,
    asOf: toIso(asOf),
    targetTime: toIso(targetTime),
    issuedAt: toIso(issuedAt),
    timing,
    refPrice,
    pUp,
    quantiles: quantiles.map(({ level, value }) => ({ level, value })),
    inputHash,
  };
}
