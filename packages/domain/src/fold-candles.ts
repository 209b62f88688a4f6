import type { CandleValues } from './candle.ts';
import { addDecimals, type Decimal, maxDecimal, minDecimal } from './decimal.ts';
import type { EpochMs } from './time.ts';

/**
 * Returns the roll-up of `parts` (oldest first, at least one) under `openTime`: first open, highest high, lowest low, last
 * close, exact sums. A sum, count or trade id is null where any part's is; minutes without trades (-1) do not set trade ids.
 */
export function foldCandles(openTime: EpochMs, parts: readonly CandleValues[]): CandleValues {
  const first = parts[0];
  const last = parts.at(-1);
  if (!first || !last) throw new RangeError('a roll-up needs at least one candle');
  const ids = (pick: (part: CandleValues) => number | null) => {
    const all = parts.map(pick);
    return all.some((id) => id === null) ? null : all.filter((id): id is number => id !== null && id >= 0);
  };
  const firstIds = ids((part) => part.firstTradeId);
  const lastIds = ids((part) => part.lastTradeId);
  return {
    openTime,
    open: first.open,
    high: parts.map((part) => part.high).reduce(maxDecimal),
    low: parts.map((part) => part.low).reduce(minDecimal),
    close: last.close,
    baseVolume: parts.map((part) => part.baseVolume).reduce(addDecimals),
    quoteVolume: sumOrNull(parts.map((part) => part.quoteVolume)),
    tradeCount: parts.reduce<number | null>((sum, part) => (sum === null || part.tradeCount === null ? null : sum + part.tradeCount), 0),
    takerBuyBaseVolume: sumOrNull(parts.map((part) => part.takerBuyBaseVolume)),
    takerBuyQuoteVolume: sumOrNull(parts.map((part) => part.takerBuyQuoteVolume)),
    firstTradeId: firstIds && (firstIds.length > 0 ? Math.min(...firstIds) : -1),
    lastTradeId: lastIds && (lastIds.length > 0 ? Math.max(...lastIds) : -1),
  };
}

function sumOrNull(values: readonly (Decimal | null)[]): Decimal | null {
  return values.reduce((sum, value) => (sum === null || value === null ? null : addDecimals(sum, value)));
}
