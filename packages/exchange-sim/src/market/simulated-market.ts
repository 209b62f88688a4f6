import { listPairs } from './catalogue.ts';
import type { DayCandles } from './day-candles.ts';
import type { DayPlan } from './day-plan.ts';
import { MarketWeather } from './market-weather.ts';
import { RecentValues } from './recent-values.ts';
import { SimulatedSymbol } from './simulated-symbol.ts';
import type { Market } from './symbol-market.ts';
import { SymbolTape } from './symbol-tape.ts';

export interface SimulatedMarketOptions {
  readonly seed: number;
  /** Pairs that must be listed; see `listPairs`. */
  readonly symbols: readonly string[];
  /** How many pairs are listed in all; by default those in `symbols` and the catalogue. */
  readonly pairCount?: number | undefined;
}

/** About 0.1 MB a day and pair. */
const CACHED_CANDLE_DAYS = 800;
/** About 25 kB a day and pair; live streams need the current day of every pair that somebody listens to. */
const CACHED_PLAN_DAYS = 1_000;

/** Creates the market of a seed. The same seed and symbol give the same tape, whatever else is listed and whenever it starts. */
export function createSimulatedMarket({ seed, symbols, pairCount }: SimulatedMarketOptions): Market {
  const weather = new MarketWeather(seed);
  const pairs = listPairs(symbols, pairCount);
  const caches = {
    plans: new RecentValues<string, DayPlan>(CACHED_PLAN_DAYS + 2 * pairs.length),
    candles: new RecentValues<string, DayCandles>(CACHED_CANDLE_DAYS),
  };
  return {
    symbols: new Map(pairs.map((profile) => [profile.symbol, new SimulatedSymbol(new SymbolTape(profile, seed, weather, caches), seed)])),
    endTime: undefined,
  };
}
