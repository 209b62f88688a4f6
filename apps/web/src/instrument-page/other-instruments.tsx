'use client';

import { useQuery } from 'urql';
import { MarketsDocument } from '../graphql/documents/markets.ts';
import { decimalsOf, directionOf, formatPrice } from '../market/format-decimal.ts';
import { formatPercent } from '../markets/format-figures.ts';
import { sortMarkets, toMarketLines } from '../markets/sort-markets.ts';
import { Sparkline } from '../markets/sparkline.tsx';
import { pageHref } from '../shell/navigation.ts';
import { useMarket, useWorkspace } from '../workspace/services.ts';
import styles from './instrument-page.module.css';

const MOST = 12;

/** The other pairs, the largest turnover first, each with the way to its page. */
export function OtherInstruments({ symbol }: { readonly symbol: string }) {
  const theme = useWorkspace((state) => state.theme);
  const prices = useMarket((market) => market.prices);
  const [{ data }] = useQuery({ query: MarketsDocument, variables: {} });
  const lines = data ? sortMarkets(toMarketLines(data), { column: 'quote', order: 'desc' }) : [];
  const others = lines.filter(({ instrument }) => instrument.symbol !== symbol).slice(0, MOST);
  if (others.length === 0) return <p>No other pair is tracked.</p>;
  return (
    <ul className={styles.others} data-testid="other-instruments">
      {others.map(({ instrument, summary }) => {
        const price = prices[instrument.id]?.last ?? summary?.lastPrice;
        const change = summary?.changePercent24h;
        const direction = change == null ? 'flat' : directionOf(change);
        return (
          <li key={instrument.id}>
            <a href={pageHref(`/i/${encodeURIComponent(instrument.symbol)}`, theme)}>
              <b>
                {instrument.baseAsset}/{instrument.quoteAsset}
              </b>
              <Sparkline prices={summary?.sparkline ?? []} direction={direction} />
              <span>{price ? formatPrice(price, decimalsOf(instrument.tickSize)) : '–'}</span>
              <small className={styles.change} data-direction={direction}>
                {change == null ? '–' : formatPercent(change)}
              </small>
            </a>
          </li>
        );
      })}
    </ul>
  );
}
