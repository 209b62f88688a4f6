import { PlantedSymbol } from './planted-symbol.ts';
import type { Market } from './symbol-market.ts';

/** A market into whose pairs anomalies can be planted. */
export interface PlantableMarket extends Market {
  readonly symbols: ReadonlyMap<string, PlantedSymbol>;
}

/** Makes every pair of a market plantable. */
export function toPlantableMarket({ symbols, endTime }: Market): PlantableMarket {
  return { symbols: new Map([...symbols].map(([name, symbol]) => [name, new PlantedSymbol(symbol)])), endTime };
}
