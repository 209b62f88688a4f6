'use client';

import type { Decimal } from '@candlecast/domain';
import { useQuery } from 'urql';
import { InstrumentDocument, MarketsDocument } from '../graphql/documents/markets.ts';
import { decimalsOf, directionOf, formatAmount, formatPrice } from '../market/format-decimal.ts';
import { formatCount, formatMoment, formatPercent } from '../markets/format-figures.ts';
import { QueryProblem } from '../shell/query-problem.tsx';
import { useMarket } from '../workspace/services.ts';
import styles from './instrument-page.module.css';

const STATES = {
  REQUESTED: 'waiting for history',
  BACKFILLING: 'fetching history',
  LIVE: 'live',
  PAUSED: 'paused',
  DELISTED: 'delisted',
  FAILED: 'failed',
} as const;
const ARROWS = { up: '▲', down: '▼', flat: '' } as const;

/** A pair's newest price, its last 24 hours, and what is known of its series. */
export function InstrumentFigures({ symbol }: { readonly symbol: string }) {
  const [{ data, error }, ask] = useQuery({ query: InstrumentDocument, variables: { symbol } });
  const [markets] = useQuery({ query: MarketsDocument, variables: {} });
  const instrument = data?.instrument;
  const live = useMarket(({ prices }) => (instrument ? prices[instrument.id]?.last : undefined));
  if (!instrument) return <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} rows={2} />;
  const summary = markets.data?.marketSummary.find((one) => one.symbol === instrument.id);
  const decimals = decimalsOf(instrument.tickSize);
  const price = (value: Decimal | null | undefined) => (value == null ? '–' : formatPrice(value, decimals));
  const amount = (value: Decimal | null | undefined, asset: string) => (value == null ? '–' : `${formatAmount(value)} ${asset}`);
  const change = summary?.changePercent24h;
  const direction = change == null ? 'flat' : directionOf(change);
  const facts: readonly (readonly [label: string, text: string])[] = [
    ['24 h high', price(summary?.high24h)],
    ['24 h low', price(summary?.low24h)],
    ['Base volume', amount(summary?.baseVolume24h, instrument.baseAsset)],
    ['Quote volume', amount(summary?.quoteVolume24h, instrument.quoteAsset)],
    ['Trades', formatCount(summary?.tradeCount24h)],
    ['Series', STATES[instrument.state] + (instrument.stateReason ? `: ${instrument.stateReason}` : '')],
    ['History from', formatMoment(instrument.firstOpenTime)],
    ['Complete up to', formatMoment(instrument.watermark)],
  ];
  return (
    <div className={styles.figures}>
      <p className={styles.price}>
        <b data-testid="instrument-price">{price(live ?? summary?.lastPrice)}</b>
        <span className={styles.change} data-direction={direction}>
          <span aria-hidden="true">{ARROWS[direction]} </span>
          {change == null ? '–' : formatPercent(change)} <small>in 24 hours</small>
        </span>
      </p>
      <dl className={styles.facts}>
        {facts.map(([label, text]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
