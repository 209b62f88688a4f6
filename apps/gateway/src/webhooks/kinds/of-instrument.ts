import type { InstrumentId } from '@candlecast/domain';

/** Tells whether a webhook for `symbols` wants what is of this instrument: no symbols are all symbols. */
export function isAmong(symbols: readonly InstrumentId[], id: InstrumentId): boolean {
  return symbols.length === 0 || symbols.includes(id);
}
