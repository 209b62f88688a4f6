'use client';

import { useEffect } from 'react';
import { useWorkspace } from '../workspace/services.ts';
import { type MarketRow, useMarketRows } from '../workspace/use-market-data.ts';
import { useLastPrice } from './use-last-price.ts';

/** Keeps the tab's title on the active pane's price. */
export function PageTitle() {
  const symbol = useWorkspace(({ panes, active }) => panes[active]?.symbol);
  const row = useMarketRows().find(({ instrument }) => instrument.symbol === symbol);
  return row ? <PriceTitle row={row} /> : null;
}

function PriceTitle({ row }: { readonly row: MarketRow }) {
  const { text } = useLastPrice(row);
  useEffect(() => {
    document.title = `${text} ${row.instrument.baseAsset}/${row.instrument.quoteAsset} · Candlecast`;
  }, [text, row.instrument]);
  return null;
}
