/** A recorded kline: the file's own decimal text, except that exponents are written out and float noise is rounded. */
export interface RecordedRow {
  readonly openTime: number;
  /** Inclusive, as recorded; it may be short of the minute after an outage. */
  readonly closeTime: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string | null;
  readonly tradeCount: number | null;
  readonly takerBuyBase: string | null;
  readonly takerBuyQuote: string | null;
}

/** Why a row of a recording cannot be replayed. */
export type RowFault = 'columns' | 'time' | 'price' | 'amount' | 'high and low';

const MINUTE = 60_000;
const MICROSECONDS_FROM = 1e14;
const DECIMAL = /^\d{1,20}(?:\.\d{1,20})?$/;
const EXPONENT = /^(\d)(?:\.(\d+))?[eE]([+-]?\d{1,2})$/;

/** Reads a line that is known to be good. */
export function readRow(line: string): RecordedRow {
  const [openTime = '', open = '', high = '', low = '', close = '', volume = '', closeTime = '', ...rest] = line.split(',');
  const [quoteVolume = '', tradeCount = '', takerBuyBase = '', takerBuyQuote = ''] = rest;
  const opened = toMilliseconds(openTime);
  return {
    openTime: opened,
    closeTime: closeTime === '' ? opened + MINUTE - 1 : toMilliseconds(closeTime),
    open: toAmount(open),
    high: toAmount(high),
    low: toAmount(low),
    close: toAmount(close),
    volume: toAmount(volume),
    quoteVolume: quoteVolume === '' ? null : toAmount(quoteVolume),
    tradeCount: tradeCount === '' ? null : Number.parseInt(tradeCount, 10),
    takerBuyBase: takerBuyBase === '' ? null : toAmount(takerBuyBase),
    takerBuyQuote: takerBuyQuote === '' ? null : toAmount(takerBuyQuote),
  };
}

/** Returns what is wrong with a line, or undefined when it is good. */
export function findRowFault(line: string): RowFault | undefined {
  const cells = line.split(',');
  const isAmount = (cell: string | undefined) => cell !== undefined && (DECIMAL.test(cell) || EXPONENT.test(cell));
  if (cells.length !== 12) return 'columns';
  if (!/^\d{12,17}$/.test(cells[0] ?? '') || !/^(\d{12,17})?$/.test(cells[6] ?? '')) return 'time';
  if (!cells.slice(1, 5).every((cell) => isAmount(cell) && /[1-9]/.test(cell))) return 'price';
  if (!isAmount(cells[5]) || ![7, 9, 10].every((index) => cells[index] === '' || isAmount(cells[index]))) return 'amount';
  if (!/^\d{0,15}$/.test(cells[8] ?? '')) return 'amount';
  const { open, high, low, close } = readRow(line);
  const inOrder = [open, close].every((price) => toUnits8(low) <= toUnits8(price) && toUnits8(price) <= toUnits8(high));
  return inOrder ? undefined : 'high and low';
}

/** Returns a decimal text of at most eight places in units of 10^-8. */
export function toUnits8(text: string): bigint {
  const point = text.indexOf('.');
  if (point < 0) return BigInt(text) * 100_000_000n;
  return BigInt(text.slice(0, point) + text.slice(point + 1).padEnd(8, '0'));
}

function toMilliseconds(cell: string): number {
  const time = Number.parseInt(cell, 10);
  return time >= MICROSECONDS_FROM ? Math.floor(time / 1_000) : time;
}

/** More than eight decimals are float noise of a source that kept JSON numbers (`6104598.0999999996`). */
function toAmount(cell: string): string {
  const point = cell.indexOf('.');
  if (EXPONENT.test(cell)) return writeOut(cell);
  if (point < 0 || cell.length - point <= 9) return cell;
  const units = BigInt(cell.slice(0, point) + cell.slice(point + 1, point + 10));
  return fromUnits8((units + 5n) / 10n);
}

function writeOut(cell: string): string {
  const [, whole = '', fraction = '', exponent = ''] = EXPONENT.exec(cell) ?? [];
  const shift = Number.parseInt(exponent, 10) + 8 - fraction.length;
  const digits = BigInt(whole + fraction);
  return fromUnits8(shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift));
}

/** Returns units of 10^-8 as text with eight places. */
export function fromUnits8(units: bigint): string {
  const digits = units.toString().padStart(9, '0');
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`;
}
