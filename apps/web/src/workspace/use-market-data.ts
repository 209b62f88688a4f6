import { useStore } from 'zustand';
import type { MarketRow } from './market-rows.ts';
import { useServices } from './services.ts';

export type { MarketRow } from './market-rows.ts';

/** Returns every tracked pair, the largest turnover first. Rows change when the cache learns something newer. */
export function useMarketRows(): readonly MarketRow[] {
  return useStore(useServices().rows.state);
}
