'use client';

import { useEffect } from 'react';
import { useWorkspace } from '../workspace/services.ts';
import { type MarketRow, useMarketRows } from '../workspace/use-market-data.ts';
import { useLastPrice } from './use-last-price.ts';

/** Keeps the tab's title on the active pane's price. */
export function PageTitle({ isReplay = false }: { readonly isReplay?: boolean }) {
  const symbol = useWorkspace(({ panes, active }) => panes[active]?.symbol);
  const row = useMarketRows().find(({ instrument }) => instrument.symbol === symbol);
  return row ? <PriceTitle row={row} isReplay={isReplay} /> : null;
}

function PriceTitle({ row, isReplay }: { readonly row: MarketRow; readonly isReplay: boolean }) {
  const { text } = useLastPrice(row);
  useEffect(() => {
    document.title = `${isReplay ? 'REPLAY ' : ''}${text} ${row.instrument.baseAsset}/${row.instrument.quoteAsset} · Candlecast`;
  }, [text, row.instrument, isReplay]);
  return null;
}
