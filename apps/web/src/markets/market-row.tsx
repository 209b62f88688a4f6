'use client';

import type { Decimal } from '@candlecast/domain';
import { decimalsOf, directionOf, formatAmount, formatPrice } from '../market/format-decimal.ts';
import { pageHref } from '../shell/navigation.ts';
import { useMarket, useWorkspace } from '../workspace/services.ts';
import { formatCount, formatPercent } from './format-figures.ts';
import styles from './market-table.module.css';
import type { MarketLine } from './sort-markets.ts';
import { Sparkline } from './sparkline.tsx';

const ARROWS = { up: '▲', down: '▼', flat: '' } as const;

/** A pair of the table of markets. */
export function MarketRowCells({ line }: { readonly line: MarketLine }) {
  const { instrument, summary } = line;
  const theme = useWorkspace((state) => state.theme);
  const live = useMarket(({ prices }) => prices[instrument.id]?.last);
  const decimals = decimalsOf(instrument.tickSize);
  const price = (value: Decimal | null | undefined) => (value == null ? '–' : formatPrice(value, decimals));
  const amount = (value: Decimal | null | undefined) => (value == null ? '–' : formatAmount(value));
  const change = summary?.changePercent24h;
  const direction = change == null ? 'flat' : directionOf(change);
  return (
    <tr data-testid={`market-${instrument.symbol}`}>
      <th scope="row">
        <a href={pageHref(`/i/${encodeURIComponent(instrument.symbol)}`, theme)}>
          {instrument.baseAsset}/{instrument.quoteAsset}
        </a>
      </th>
      <td>{price(live ?? summary?.lastPrice)}</td>
      <td className={styles.change} data-direction={direction}>
        <span aria-hidden="true">{ARROWS[direction]} </span>
        {change == null ? '–' : formatPercent(change)}
      </td>
      <td>{price(summary?.high24h)}</td>
      <td>{price(summary?.low24h)}</td>
      <td>{amount(summary?.baseVolume24h)}</td>
      <td>{amount(summary?.quoteVolume24h)}</td>
      <td>{formatCount(summary?.tradeCount24h)}</td>
      <td>
        <Sparkline prices={summary?.sparkline ?? []} direction={direction} />
      </td>
    </tr>
  );
}
