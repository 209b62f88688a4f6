'use client';

import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useServices, useWorkspace } from '../workspace/services.ts';
import { type MarketRow, useMarketRows } from '../workspace/use-market-data.ts';
import { useLastPrice } from './use-last-price.ts';

/** Keeps the tab's title on the active pane's price; a sign says that it stands still while the tab is hidden. */
export function PageTitle({ isReplay = false }: { readonly isReplay?: boolean }) {
  const symbol = useWorkspace(({ panes, active }) => panes[active]?.symbol);
  const row = useMarketRows().find(({ instrument }) => instrument.symbol === symbol);
  return row ? <PriceTitle row={row} isReplay={isReplay} /> : null;
}

function PriceTitle({ row, isReplay }: { readonly row: MarketRow; readonly isReplay: boolean }) {
  const { text } = useLastPrice(row);
  const { connection } = useServices();
  const isPaused = useStore(connection, (state) => state.isPaused);
  useEffect(() => {
    const sign = `${isPaused ? '⏸ ' : ''}${isReplay ? 'REPLAY ' : ''}`;
    document.title = `${sign}${text} ${row.instrument.baseAsset}/${row.instrument.quoteAsset} · Candlecast`;
  }, [text, row.instrument, isPaused, isReplay]);
  return null;
}
