import { type ForecastPace, type InstrumentId, splitInstrumentId } from '@candlecast/domain';

/** Returns what tells how often an instrument is forecast: those of `everyClose` at every close that is due, the others hourly. */
export function createPaceOf(everyClose: readonly string[] | 'everything'): (id: InstrumentId) => ForecastPace {
  if (everyClose === 'everything') return () => 'EVERY_CLOSE';
  const symbols = new Set(everyClose);
  return (id) => (symbols.has(splitInstrumentId(id).symbol) ? 'EVERY_CLOSE' : 'HOURLY');
}
