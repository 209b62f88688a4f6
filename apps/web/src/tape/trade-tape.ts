import { compareDecimals, type Decimal, isDecimal } from '@candlecast/domain';
import type { TradeFields } from '../graphql/documents/tape.ts';

/** The most trades that a tape holds: the oldest go first. */
export const TAPE_ROWS = 200;

/** The newest trades of a pair, the newest first, each once. */
export interface Tape {
  readonly trades: readonly TradeFields[];
  /** How many trades were left out because more came than could be sent. */
  readonly leftOut: number;
}

export const EMPTY_TAPE: Tape = { trades: [], leftOut: 0 };

/** Returns the tape with trades that came since, in the order in which they came. What it has already it does not take again. */
export function withTrades(tape: Tape, incoming: readonly TradeFields[]): Tape {
  const known = new Set(tape.trades.map(({ id }) => id));
  const fresh = incoming.filter(({ id }) => !known.has(id) && known.add(id));
  if (fresh.length === 0) return tape;
  return {
    trades: [...fresh.toReversed(), ...tape.trades].slice(0, TAPE_ROWS),
    leftOut: fresh.reduce((sum, { leftOut }) => sum + leftOut, tape.leftOut),
  };
}

/** Returns the trades of at least that size. */
export function ofSize(trades: readonly TradeFields[], least: Decimal | undefined): readonly TradeFields[] {
  return least === undefined ? trades : trades.filter(({ size }) => compareDecimals(size, least) >= 0);
}

/** A size that somebody typed, or why it is none. Nothing typed is no filter. */
export type ParsedSize = { readonly ok: true; readonly least: Decimal | undefined } | { readonly ok: false; readonly problem: string };

/** Reads the least size of a filter, in the base asset. */
export function parseLeastSize(text: string): ParsedSize {
  const typed = text.trim();
  if (typed === '') return { ok: true, least: undefined };
  if (isDecimal(typed) && !typed.startsWith('-')) return { ok: true, least: typed };
  return { ok: false, problem: `"${typed.slice(0, 20)}" is not a size such as 0.5` };
}
