import type { CandleValues, Decimal, EpochMs } from '@candlecast/domain';
import type { Series } from './sql/series.ts';

/** A line of the log that needs nothing from the database: its key, and its payload as JSON on one line. */
export interface ReadyEvent {
  readonly key: string;
  readonly payload: string;
}

/** Decimals as `numeric` prints them: no zero in front, no sign of a zero. */
const STORED_DECIMAL = /^(?:-(?!0(?:\.0*)?$))?(?:0|[1-9]\d*)(?:\.\d+)?$/;
/** Letters that stand for themselves in JSON. */
const PLAIN_ID = /^[\p{L}\p{N}:._-]+$/u;

/**
 * Returns the event of a 1m candle that was stored as it was sent, byte for byte what SQL would make of the stored row; undefined where
 * that cannot be told without reading the row: a decimal that is stored in other digits, an id with unusual letters.
 */
export function toReadyEvent(
  { instrumentId, liveSince }: Pick<Series, 'instrumentId' | 'liveSince'>,
  candle: CandleValues,
  knownAt: EpochMs,
): ReadyEvent | undefined {
  const decimals = [
    candle.open,
    candle.high,
    candle.low,
    candle.close,
    candle.baseVolume,
    candle.quoteVolume,
    candle.takerBuyBaseVolume,
    candle.takerBuyQuoteVolume,
  ];
  if (!PLAIN_ID.test(instrumentId) || !decimals.every((value) => value === null || STORED_DECIMAL.test(value))) return undefined;
  const reconstructed = liveSince === null || candle.openTime < liveSince;
  const prices = `"open":"${candle.open}","high":"${candle.high}","low":"${candle.low}","close":"${candle.close}"`;
  const amounts = `"baseVolume":"${candle.baseVolume}","quoteVolume":${quoted(candle.quoteVolume)},"tradeCount":${candle.tradeCount}`;
  const taker = `"takerBuyBaseVolume":${quoted(candle.takerBuyBaseVolume)},"takerBuyQuoteVolume":${quoted(candle.takerBuyQuoteVolume)}`;
  const ids = `"firstTradeId":${candle.firstTradeId},"lastTradeId":${candle.lastTradeId}`;
  const state = `"isClosed":true,"revision":0,"knownAt":${knownAt},"reconstructed":${reconstructed}`;
  return {
    key: `${instrumentId}@1m`,
    payload: `{"instrumentId":"${instrumentId}","interval":"1m","candle":{"openTime":${candle.openTime},${prices},${amounts},${taker},${ids},${state}}}`,
  };
}

function quoted(value: Decimal | null): string {
  return value === null ? 'null' : `"${value}"`;
}
