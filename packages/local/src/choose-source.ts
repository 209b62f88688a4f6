import type { LocalSettings } from './config.ts';

export type Source = LocalSettings['CANDLECAST_SOURCE'];

/** What is known when the source is chosen. */
export interface SourceFacts {
  readonly wanted: Source;
  readonly isProduction: boolean;
  /** Whether the database holds candles of the exchange itself. */
  readonly hasExchangeCandles: boolean;
}

/** Tells whether to ask the exchange for a sign of life: only at the first start, when another source may stand in for it. */
export function needsProbe(facts: SourceFacts): boolean {
  return facts.wanted === 'binance' && !facts.isProduction && !facts.hasExchangeCandles;
}

/**
 * Chooses where market data comes from. The simulated market stands in only for an exchange that did not answer the probe; a start
 * with data of the exchange, and any start in production, stays with it, and ingest reports the break.
 */
export function chooseSource(facts: SourceFacts, hasAnswered: boolean): { readonly source: Source; readonly isFallback: boolean } {
  const isFallback = needsProbe(facts) && !hasAnswered;
  return { source: isFallback ? 'simulated' : facts.wanted, isFallback };
}
