import type { Decimal } from '@candlecast/domain';
import { decimalsOf, formatAmount, formatPrice } from '../market/format-decimal.ts';
import { useWorkspace } from '../workspace/services.ts';
import type { MarketRow } from '../workspace/use-market-data.ts';
import styles from './watchlist.module.css';

/** The last 24 hours of the active pane's pair. */
export function DayCard({ rows }: { readonly rows: readonly MarketRow[] }) {
  const symbol = useWorkspace(({ panes, active }) => panes[active]?.symbol);
  const row = rows.find(({ instrument }) => instrument.symbol === symbol);
  if (!row?.summary) return null;
  const { instrument, summary } = row;
  const decimals = decimalsOf(instrument.tickSize);
  const price = (value: Decimal | null) => (value === null ? '–' : formatPrice(value, decimals));
  const amount = (value: Decimal | null, asset: string) => (value === null ? '–' : `${formatAmount(value)} ${asset}`);
  return (
    <section className={styles.card} aria-label="Last 24 hours">
      <h2>
        {instrument.baseAsset}/{instrument.quoteAsset} <small>24 hours</small>
      </h2>
      <dl>
        <dt>High</dt>
        <dd>{price(summary.high24h)}</dd>
        <dt>Low</dt>
        <dd>{price(summary.low24h)}</dd>
        <dt>Volume</dt>
        <dd>{amount(summary.baseVolume24h, instrument.baseAsset)}</dd>
        <dt>Turnover</dt>
        <dd>{amount(summary.quoteVolume24h, instrument.quoteAsset)}</dd>
      </dl>
    </section>
  );
}
