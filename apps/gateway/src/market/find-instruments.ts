import {
  AppError,
  type Instrument,
  type InstrumentId,
  type InstrumentReader,
  parseInstrumentId,
  splitInstrumentId,
} from '@candlecast/domain';
import type { Venues } from './venues.ts';

interface Directory {
  readonly instruments: InstrumentReader;
  readonly venues: Venues;
}

/** The most symbols that one field takes. */
export const MAX_SYMBOLS = 50;

/** Finds an instrument by `VENUE:SYMBOL`, or by a bare symbol of the running venue; undefined when it is not tracked. */
export async function findInstrument({ instruments, venues }: Directory, symbol: string): Promise<Instrument | undefined> {
  const id = await findInstrumentId(venues, symbol);
  return id && instruments.findInstrument(id);
}

/** Finds an instrument and throws `SYMBOL_NOT_FOUND` when it is not tracked. */
export async function loadInstrument(directory: Directory, symbol: string): Promise<Instrument> {
  const instrument = await findInstrument(directory, symbol);
  if (!instrument) throw notFound(symbol);
  return instrument;
}

/**
 * Finds instruments in the order asked for, each once; `SYMBOL_NOT_FOUND` names the first that is not tracked,
 * `BAD_USER_INPUT` an empty list or one of more than 50.
 */
export async function loadInstruments({ instruments, venues }: Directory, symbols: readonly string[]): Promise<Instrument[]> {
  if (symbols.length === 0 || symbols.length > MAX_SYMBOLS) {
    throw new AppError('BAD_USER_INPUT', `symbols has ${symbols.length} entries, 1 to ${MAX_SYMBOLS} are allowed`);
  }
  const wanted = new Map<InstrumentId, string>();
  for (const symbol of symbols) {
    const id = await findInstrumentId(venues, symbol);
    if (!id) throw notFound(symbol);
    wanted.set(id, symbol);
  }
  const tracked = new Map<InstrumentId, Instrument>();
  for (const venue of new Set([...wanted.keys()].map((id) => splitInstrumentId(id).venue))) {
    for (const instrument of await instruments.findInstruments(venue)) tracked.set(instrument.id, instrument);
  }
  return [...wanted].map(([id, symbol]) => {
    const instrument = tracked.get(id);
    if (!instrument) throw notFound(symbol);
    return instrument;
  });
}

/** Finds the instruments asked for, or all of the running venue when none are named. */
export async function loadInstrumentsOrAll(directory: Directory, symbols: readonly string[] | null | undefined): Promise<Instrument[]> {
  if (symbols) return loadInstruments(directory, symbols);
  const venue = await directory.venues.findRunning();
  return venue ? directory.instruments.findInstruments(venue) : [];
}

/** Finds the id that `symbol` means; undefined when it is none, or bare while no source has run. */
export async function findInstrumentId(venues: Venues, symbol: string): Promise<InstrumentId | undefined> {
  const running = await venues.findRunning();
  if (!running && !symbol.includes(':')) return undefined;
  const parsed = parseInstrumentId(symbol, running ?? 'BINANCE');
  return parsed.ok ? parsed.value.id : undefined;
}

function notFound(symbol: string): AppError {
  return new AppError('SYMBOL_NOT_FOUND', `symbol "${symbol.slice(0, 60)}" is not tracked`);
}
