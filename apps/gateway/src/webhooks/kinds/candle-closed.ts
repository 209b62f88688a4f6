import { candleKey, closeTimeOf, INTERVALS, type LogEvent, toIso } from '@candlecast/domain';
import type { LogEventKind } from '../event-kind.ts';

const TOPIC = 'candle.closed';

/** A candle is finished and stored. */
export const candleClosed: LogEventKind = {
  name: TOPIC,
  description: 'A candle is finished and stored, by symbol and interval.',
  from: 'log',
  topic: TOPIC,
  keysOf: ({ symbols, intervals }) =>
    symbols.length === 0
      ? undefined
      : symbols.flatMap((symbol) => (intervals.length === 0 ? INTERVALS : intervals).map((interval) => candleKey(symbol, interval))),
  isFor({ symbols, intervals }, event) {
    if (event.topic !== TOPIC) return false;
    const { instrumentId, interval } = event.payload;
    return (symbols.length === 0 || symbols.includes(instrumentId)) && (intervals.length === 0 || intervals.includes(interval));
  },
  toData: (event) => (event.topic === TOPIC ? toCandleData(event) : {}),
};

function toCandleData({ payload: { instrumentId, interval, candle } }: Extract<LogEvent, { topic: typeof TOPIC }>): object {
  const { openTime, knownAt, firstTradeId: _first, lastTradeId: _last, ...values } = candle;
  return {
    symbol: instrumentId,
    interval,
    candle: { openTime: toIso(openTime), closeTime: toIso(closeTimeOf(openTime, interval)), ...values, knownAt: toIso(knownAt) },
  };
}
