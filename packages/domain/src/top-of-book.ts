import { addDecimals, type Decimal, divideDecimals, subtractDecimals } from './decimal.ts';
import type { InstrumentId } from './instrument.ts';
import type { EpochMs } from './time.ts';

/** Best bid and ask of an instrument. */
export interface TopOfBook {
  readonly instrumentId: InstrumentId;
  readonly bidPrice: Decimal;
  readonly bidSize: Decimal;
  readonly askPrice: Decimal;
  readonly askSize: Decimal;
  /** When we received it, on the venue's clock (the exchange sends no time with it). */
  readonly receivedAt: EpochMs;
}

/** What the top of the book was at a full second. */
export interface BookSample extends Omit<TopOfBook, 'receivedAt'> {
  /** End of the second of which these are the last values, on the venue's clock. */
  readonly at: EpochMs;
  /** The exchange's own number of this state of the book. */
  readonly updateId: number;
}

/** Returns the price halfway between bid and ask, exact. */
export function midPrice(book: TopOfBook): Decimal {
  const sum = addDecimals(book.bidPrice, book.askPrice);
  const scale = sum.includes('.') ? sum.length - sum.indexOf('.') : 1;
  return divideDecimals(sum, '2' as Decimal, scale);
}

/** Returns ask minus bid, exact. */
export function spread(book: TopOfBook): Decimal {
  return subtractDecimals(book.askPrice, book.bidPrice);
}
