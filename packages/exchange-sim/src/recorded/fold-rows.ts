import { compareDecimals, type Decimal, type EpochMs } from '@candlecast/domain';
import type { Kline } from '../market/symbol-market.ts';

/**
 * Returns consecutive klines of a recording as one: exact sums at the largest scale of the parts, null where a part lacks the column.
 * Undefined without parts.
 */
export function foldRows(openTime: EpochMs, closeTime: EpochMs, parts: Iterable<Kline>): Kline | undefined {
  let folded: { open: string; high: string; low: string; close: string } | undefined;
  let tradeCount: number | null = 0;
  const sums = { volume: new TextSum(), quote: new TextSum(), takerBase: new TextSum(), takerQuote: new TextSum() };
  for (const part of parts) {
    folded ??= { open: part.open, high: part.high, low: part.low, close: part.close };
    if (isAbove(part.high, folded.high)) folded.high = part.high;
    if (isAbove(folded.low, part.low)) folded.low = part.low;
    folded.close = part.close;
    tradeCount = tradeCount === null || part.tradeCount === null ? null : tradeCount + part.tradeCount;
    sums.volume.add(part.volume);
    sums.quote.add(part.quoteVolume);
    sums.takerBase.add(part.takerBuyBase);
    sums.takerQuote.add(part.takerBuyQuote);
  }
  if (!folded) return undefined;
  return {
    openTime,
    closeTime,
    ...folded,
    volume: sums.volume.text() ?? '0.00000000',
    quoteVolume: sums.quote.text(),
    tradeCount,
    takerBuyBase: sums.takerBase.text(),
    takerBuyQuote: sums.takerQuote.text(),
    firstTradeId: null,
    lastTradeId: null,
  };
}

/** A sum of decimal texts, kept as a whole number at the largest scale so far. */
class TextSum {
  #units: bigint | null = 0n;
  #scale = 0;

  add(text: string | null): void {
    if (this.#units === null || text === null) {
      this.#units = null;
      return;
    }
    const point = text.indexOf('.');
    const scale = point < 0 ? 0 : text.length - point - 1;
    if (scale > this.#scale) {
      this.#units *= 10n ** BigInt(scale - this.#scale);
      this.#scale = scale;
    }
    this.#units += BigInt(text.replace('.', '').padEnd(text.length - (point < 0 ? 0 : 1) + this.#scale - scale, '0'));
  }

  text(): string | null {
    if (this.#units === null) return null;
    const digits = this.#units.toString().padStart(this.#scale + 1, '0');
    return this.#scale === 0 ? digits : `${digits.slice(0, -this.#scale)}.${digits.slice(-this.#scale)}`;
  }
}

/** Texts of one shape compare as they are. */
function isAbove(a: string, b: string): boolean {
  if (a.length === b.length && a.indexOf('.') === b.indexOf('.')) return a > b;
  return compareDecimals(a as Decimal, b as Decimal) > 0;
}
