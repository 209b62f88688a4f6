'use client';

import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { BookFields, TradeFields } from '../graphql/documents/tape.ts';
import { decimalsOf, formatAmount, formatPrice } from '../market/format-decimal.ts';
import { useServices } from '../workspace/services.ts';
import type { MarketRow } from '../workspace/use-market-data.ts';
import styles from './book-and-tape.module.css';
import { spreadBps } from './spread-bps.ts';
import { createTapeFeed } from './tape-feed.ts';
import { ofSize, parseLeastSize } from './trade-tape.ts';

/** Rows on screen: what a panel can show without a long scroll. */
const SHOWN = 60;

/** Best bid and ask of the active pane's pair, and its trades as they come. */
export function BookAndTape({ row }: { readonly row: MarketRow }) {
  const { client, connection, frames } = useServices();
  const { id, tickSize, baseAsset } = row.instrument;
  const feed = useMemo(() => createTapeFeed({ client, frames, symbol: id }), [client, frames, id]);
  const resumed = useStore(connection, (state) => state.resumed);
  // biome-ignore lint/correctness/useExhaustiveDependencies: trades have no cursor: after a cut or a pause the tape begins anew
  useEffect(() => feed.start(), [feed, resumed]);
  const { book, tape, failure } = useStore(feed.state);
  const [sizeText, setSizeText] = useState('');
  const [held, setHeld] = useState<readonly TradeFields[]>();
  const size = parseLeastSize(sizeText);
  const decimals = decimalsOf(tickSize);
  const trades = ofSize(held ?? tape.trades, size.ok ? size.least : undefined).slice(0, SHOWN);
  const hold = () => setHeld(feed.state.getState().tape.trades);
  return (
    <div className={styles.panel}>
      <Book book={book} decimals={decimals} baseAsset={baseAsset} />
      {failure && (
        <p className={styles.problem} role="status">
          {failure.code}: {failure.message}
        </p>
      )}
      <label className={styles.filter}>
        Trades of at least
        <input
          inputMode="decimal"
          value={sizeText}
          placeholder="0"
          aria-invalid={!size.ok}
          data-testid="tape-size"
          onChange={(event) => setSizeText(event.target.value)}
        />
        {baseAsset}
      </label>
      {!size.ok && (
        <p className={styles.problem} role="alert">
          {size.problem}
        </p>
      )}
      <p className={styles.state} data-testid="tape-state">
        {held ? '❚❚ Paused while you point at it' : '▶ Live'}
        {tape.leftOut > 0 && ` · ${tape.leftOut} left out`}
      </p>
      <section
        className={styles.scroll}
        aria-label="Trades, paused while pointed at"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the tape pauses for the keyboard as it does for a pointer
        tabIndex={0}
        onPointerEnter={hold}
        onPointerLeave={() => setHeld(undefined)}
        onFocus={hold}
        onBlur={() => setHeld(undefined)}
      >
        <table className={styles.tape} data-testid="tape">
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Side</th>
              <th scope="col">Price</th>
              <th scope="col">Size</th>
            </tr>
          </thead>
          <tbody>
            {trades.map((trade) => (
              <TradeRow key={trade.id} trade={trade} decimals={decimals} />
            ))}
          </tbody>
        </table>
        {trades.length === 0 && (
          <p className={styles.state}>
            {tape.trades.length === 0 ? 'No trade is known yet.' : 'No trade of that size among the newest 200.'}
          </p>
        )}
      </section>
    </div>
  );
}

function TradeRow({ trade: { time, takerSide, price, size }, decimals }: { readonly trade: TradeFields; readonly decimals: number }) {
  return (
    <tr data-side={takerSide} data-testid="trade">
      <td>{time.slice(11, 19)}</td>
      <td className={styles.side}>
        <span aria-hidden="true">{takerSide === 'BUY' ? '▲' : '▼'}</span> {takerSide}
      </td>
      <td>{formatPrice(price, decimals)}</td>
      <td>{formatAmount(size)}</td>
    </tr>
  );
}

function Book({
  book,
  decimals,
  baseAsset,
}: {
  readonly book: BookFields | undefined;
  readonly decimals: number;
  readonly baseAsset: string;
}) {
  if (!book) return <p className={styles.state}>The best bid and ask are not known yet.</p>;
  const spread = spreadBps(book);
  return (
    <dl className={styles.book} data-testid="top-of-book">
      <div data-side="BUY">
        <dt>Bid</dt>
        <dd>{formatPrice(book.bidPrice, decimals)}</dd>
        <dd>
          {formatAmount(book.bidSize)} {baseAsset}
        </dd>
      </div>
      <div>
        <dt>Spread</dt>
        <dd data-testid="spread-bps">{spread === undefined ? '–' : `${spread} bps`}</dd>
        <dd>{formatPrice(book.spread, decimals)}</dd>
      </div>
      <div data-side="SELL">
        <dt>Ask</dt>
        <dd>{formatPrice(book.askPrice, decimals)}</dd>
        <dd>
          {formatAmount(book.askSize)} {baseAsset}
        </dd>
      </div>
    </dl>
  );
}
