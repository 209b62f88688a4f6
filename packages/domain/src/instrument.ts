import type { Decimal } from './decimal.ts';
import { AppError, err, ok, type Result } from './errors.ts';
import type { EpochMs } from './time.ts';

/** Where a price is made. Simulated and replayed data never mix with an exchange's. */
export const VENUES = ['BINANCE', 'SIM', 'REPLAY'] as const;
export type Venue = (typeof VENUES)[number];

/** `VENUE:SYMBOL`, such as `BINANCE:BTCUSDT`. */
export type InstrumentId = `${Venue}:${string}` & { readonly __brand: 'InstrumentId' };

/** Where a tracked instrument stands on its way from a wish to a live series. */
export const SERIES_STATES = ['REQUESTED', 'BACKFILLING', 'LIVE', 'PAUSED', 'DELISTED', 'FAILED'] as const;
export type SeriesState = (typeof SERIES_STATES)[number];

/** A traded pair with its rules, and the state of its 1m series. */
export interface Instrument {
  readonly id: InstrumentId;
  readonly venue: Venue;
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly tickSize: Decimal | null;
  readonly stepSize: Decimal | null;
  readonly state: SeriesState;
  readonly stateReason: string | null;
  /** Open time of the oldest stored 1m candle; null while there is none. */
  readonly firstOpenTime: EpochMs | null;
  /** Open time of the newest closed 1m candle with nothing missing between it and `liveSince`, recorded gaps aside. */
  readonly watermark: EpochMs | null;
  /** Open time of the first 1m candle that was received live; older ones are `reconstructed`. */
  readonly liveSince: EpochMs | null;
}

/** Returns the id of a symbol at a venue. Symbols are upper case and may hold any letter (Binance lists non-ASCII ones). */
export function toInstrumentId(venue: Venue, symbol: string): InstrumentId {
  return `${venue}:${symbol}` as InstrumentId;
}

/** Reads `VENUE:SYMBOL`, or a bare symbol of `defaultVenue`; any case. */
export function parseInstrumentId(text: string, defaultVenue: Venue): Result<{ id: InstrumentId; venue: Venue; symbol: string }> {
  const [head, tail, ...rest] = text.trim().toUpperCase().split(':');
  const venue = tail === undefined ? defaultVenue : VENUES.find((known) => known === head);
  const symbol = tail ?? head ?? '';
  if (!venue || rest.length > 0 || !/^[\p{L}\p{N}._-]{1,40}$/u.test(symbol)) {
    return err(new AppError('instrument_id_invalid', `instrument "${text}" is not VENUE:SYMBOL with a venue of ${VENUES.join(', ')}`));
  }
  return ok({ id: toInstrumentId(venue, symbol), venue, symbol });
}

/** Splits an id into its venue and symbol. */
export function splitInstrumentId(id: InstrumentId): { venue: Venue; symbol: string } {
  const at = id.indexOf(':');
  return { venue: id.slice(0, at) as Venue, symbol: id.slice(at + 1) };
}
