'use client';

import { compareDecimals, type Decimal } from '@candlecast/domain';
import { type RefObject, useEffect, useRef } from 'react';
import type { NextHourFields } from '../graphql/documents/watchlist.ts';
import { formatAge } from '../market/duration-text.ts';
import { formatAmount } from '../market/format-decimal.ts';
import { useServices, useWorkspace } from '../workspace/services.ts';
import type { MarketRow } from '../workspace/use-market-data.ts';
import { withPane, workspaceHref } from '../workspace/workspace-url.ts';
import { NextHour } from './next-hour.tsx';
import { sparklinePath } from './sparkline-path.ts';
import { StateDot } from './state-dot.tsx';
import { useLastPrice } from './use-last-price.ts';
import styles from './watchlist.module.css';

const ARROWS = { up: '▲', down: '▼', flat: '' } as const;
const WIDTH = 64;
const HEIGHT = 22;

/** A pair in the watchlist. Choosing it shows it in the active pane; without JavaScript it is a link to the same. */
export function WatchRow({ row, nextHour }: { readonly row: MarketRow; readonly nextHour: NextHourFields | undefined }) {
  const { instrument, summary, freshness } = row;
  const { workspace } = useServices();
  const state = useWorkspace((now) => now);
  const price = useLastPrice(row);
  const priceRef = useRef<HTMLSpanElement>(null);
  useFlash(priceRef, price.last);
  const chosen = withPane(state, state.active, { symbol: instrument.symbol });
  const isActive = state.panes[state.active]?.symbol === instrument.symbol;
  return (
    <a
      className={styles.row}
      href={workspaceHref(chosen)}
      aria-current={isActive ? 'true' : undefined}
      data-stale={price.staleAgeMs !== undefined}
      data-symbol={instrument.symbol}
      data-testid={`watch-${instrument.symbol}`}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        workspace.setState(chosen);
      }}
    >
      <StateDot state={freshness?.state ?? undefined} />
      <span className={styles.pair}>
        <b>{instrument.baseAsset}</b>
        <small>
          {instrument.quoteAsset}
          {summary?.quoteVolume24h && (
            <span title={`Turnover of 24 hours in ${instrument.quoteAsset}`}> {formatAmount(summary.quoteVolume24h)}</span>
          )}
        </small>
      </span>
      <svg className={styles.spark} data-direction={price.direction} viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`} aria-hidden="true">
        <path d={sparklinePath(summary?.sparkline ?? [], WIDTH, HEIGHT)} />
      </svg>
      <NextHour forecast={nextHour} />
      <span className={styles.numbers}>
        <span ref={priceRef} className={styles.last} data-testid={`last-${instrument.symbol}`}>
          {price.text}
        </span>
        {price.staleAgeMs === undefined ? (
          <span className={styles.percent} data-direction={price.direction}>
            <span aria-hidden="true">{ARROWS[price.direction]} </span>
            {price.percent}
          </span>
        ) : (
          <span className={styles.percent}>{formatAge(price.staleAgeMs)} old</span>
        )}
      </span>
    </a>
  );
}

/** Lights the element up when the price moves. A flash that is still fading is not interrupted, so a busy pair does not flicker. */
function useFlash(ref: RefObject<HTMLElement | null>, price: Decimal | undefined): void {
  const before = useRef(price);
  useEffect(() => {
    const order = price && before.current ? compareDecimals(price, before.current) : 0;
    before.current = price;
    const element = ref.current;
    if (order === 0 || !element || element.getAnimations().length > 0) return;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const colour = getComputedStyle(element).getPropertyValue(order > 0 ? '--flash-up' : '--flash-down');
    element.animate([{ backgroundColor: colour }, { backgroundColor: 'transparent' }], { duration: 700, easing: 'ease-out' });
  }, [ref, price]);
}
