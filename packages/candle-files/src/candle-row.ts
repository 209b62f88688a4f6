import { type CandleValues, compareDecimals, type Decimal, type EpochMs, err, ok, type Result } from '@candlecast/domain';
import { parseDecimalCell } from './decimal-cell.ts';

/** Why a row is refused: the rule that it breaks. */
export type RefusalReason =
  /** Not twelve columns. A shorter row may have been cut inside a number, so it is never read as OHLCV. */
  | 'column_count'
  /** The open time is not a whole number, or the close time is neither empty nor a whole number. */
  | 'time'
  /** Milliseconds in a file of microseconds, or the other way round. */
  | 'time_unit'
  /** A price is not a positive decimal. */
  | 'price'
  /** A volume is not a decimal of zero or more (only the base volume is mandatory). */
  | 'volume'
  | 'trade_count'
  /** The low is not the lowest or the high is not the highest of the four prices. */
  | 'price_order';

/** The unit of a file's times. */
export type TimeUnit = 'ms' | 'us';

const COLUMN_COUNT = 12;
const TIME_PATTERN = /^\d{10,17}$/;
const POSITIVE_PATTERN = /[1-9]/;
const COUNT_PATTERN = /^\d{1,15}$/;
/** Times at or above this are microseconds: in milliseconds it would be the year 5138. */
const MICROSECONDS_FROM = 1e14;

/** Returns the unit of an open-time cell by its magnitude; undefined when it is no time at all. */
export function sniffTimeUnit(cell: string): TimeUnit | undefined {
  if (!TIME_PATTERN.test(cell)) return undefined;
  return Number.parseInt(cell, 10) >= MICROSECONDS_FROM ? 'us' : 'ms';
}

/**
 * Reads one row of twelve cells (open time, open, high, low, close, base volume, close time, quote volume, trades, taker base, taker
 * quote, ignored). An empty cell after the base volume is a column that the source lacks: null. Dumps carry no trade ids.
 */
export function parseCandleRow(cells: readonly string[], unit: TimeUnit): Result<CandleValues, RefusalReason> {
  if (cells.length !== COLUMN_COUNT) return err('column_count');
  const cell = (index: number) => cells[index] ?? '';
  const timeUnit = sniffTimeUnit(cell(0));
  if (timeUnit === undefined || (cell(6) !== '' && !TIME_PATTERN.test(cell(6)))) return err('time');
  if (timeUnit !== unit) return err('time_unit');

  const [open, high, low, close] = [1, 2, 3, 4].map((index) => parseDecimalCell(cell(index)));
  if (!isPrice(open) || !isPrice(high) || !isPrice(low) || !isPrice(close)) return err('price');
  if (isAbove(low, open) || isAbove(low, close) || isAbove(open, high) || isAbove(close, high)) return err('price_order');

  const baseVolume = parseDecimalCell(cell(5));
  const [quoteVolume, takerBuyBaseVolume, takerBuyQuoteVolume] = [7, 9, 10].map((index) => parseOptionalDecimal(cell(index)));
  if (baseVolume === undefined || quoteVolume === undefined) return err('volume');
  if (takerBuyBaseVolume === undefined || takerBuyQuoteVolume === undefined) return err('volume');
  if (cell(8) !== '' && !COUNT_PATTERN.test(cell(8))) return err('trade_count');

  const time = Number.parseInt(cell(0), 10);
  return ok({
    openTime: (unit === 'us' ? Math.floor(time / 1_000) : time) as EpochMs,
    open,
    high,
    low,
    close,
    baseVolume,
    quoteVolume,
    tradeCount: cell(8) === '' ? null : Number.parseInt(cell(8), 10),
    takerBuyBaseVolume,
    takerBuyQuoteVolume,
    firstTradeId: null,
    lastTradeId: null,
  });
}

function isPrice(value: Decimal | undefined): value is Decimal {
  return value !== undefined && POSITIVE_PATTERN.test(value);
}

/** Texts of one shape (the usual case: eight decimals each) compare as they are, ten times faster than as numbers. */
function isAbove(a: Decimal, b: Decimal): boolean {
  return a.length === b.length && a.indexOf('.') === b.indexOf('.') ? a > b : compareDecimals(a, b) > 0;
}

function parseOptionalDecimal(cell: string): Decimal | null | undefined {
  return cell === '' ? null : parseDecimalCell(cell);
}
