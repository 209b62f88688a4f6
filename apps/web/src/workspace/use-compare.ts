import { useMemo } from 'react';
import { decimalsOf } from '../market/format-decimal.ts';
import { openPaneFeed, type PaneFeed } from './pane-feed.ts';
import { useServices } from './services.ts';
import type { MarketRow } from './use-market-data.ts';
import { useMarketRow } from './use-market-row.ts';
import type { PaneChoice } from './workspace-url.ts';

/** The id of the line of the pair beside. */
export const COMPARE_LINE = 'compare';

/** A pair that is drawn beside another. */
export interface Compared {
  readonly feed: PaneFeed;
  readonly label: string;
  /** Decimals of its tick size. */
  readonly decimals: number;
}

/** Returns the series that is drawn beside a pane's own, and its name; undefined while none is chosen or known. */
export function useCompare({ compare, interval }: PaneChoice, rows: readonly MarketRow[]): Compared | undefined {
  const { client, connection, frames } = useServices();
  const { row } = useMarketRow(compare, rows);
  const id = row?.instrument.id;
  const decimals = decimalsOf(row?.instrument.tickSize ?? null);
  const label = row ? `${row.instrument.baseAsset}/${row.instrument.quoteAsset}` : '';
  return useMemo(() => {
    if (!id) return undefined;
    const isConnected = () => connection.getState().state === 'connected';
    return { feed: openPaneFeed({ client, frames, instrumentId: id, interval, isConnected, isBare: true }), label, decimals };
  }, [client, connection, frames, id, interval, label, decimals]);
}
