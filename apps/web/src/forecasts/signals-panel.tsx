'use client';

import { useEffect, useState } from 'react';
import type { CardFields, PaperRecordData } from '../graphql/documents/forecasts.ts';
import { PaperRecordDocument } from '../graphql/documents/forecasts.ts';
import { useServices } from '../workspace/services.ts';
import type { MarketRow } from '../workspace/use-market-data.ts';
import { CARD_HORIZONS } from './card-horizons.ts';
import panel from './forecasts-panel.module.css';
import { formatBps, toPaperText } from './paper-text.ts';
import styles from './signals-panel.module.css';
import { useForecastFeed } from './use-forecast-feed.ts';

const MARKS = { BUY: '▲', SELL: '▼', HOLD: '◆' } as const;

/** What the newest forecasts mean after the costs of a trade, and what following all of them would have come to. */
export function SignalsPanel({ row }: { readonly row: MarketRow }) {
  const { instrument } = row;
  const feed = useForecastFeed(instrument.id);
  const [horizon, setHorizon] = useState<string>('1h');
  return (
    <div className={panel.panel}>
      <h2 className={panel.title}>
        {instrument.baseAsset}/{instrument.quoteAsset} signals
      </h2>
      <p className={styles.advice} data-testid="not-advice">
        <strong>Not financial advice.</strong> A signal is the expected move minus fees and spread. HOLD: it does not pay for the trade.
      </p>
      <table className={styles.table} data-testid="signals">
        <thead>
          <tr>
            <th scope="col">Horizon</th>
            <th scope="col">Signal</th>
            <th scope="col">Move</th>
            <th scope="col">Costs</th>
            <th scope="col">Edge</th>
          </tr>
        </thead>
        <tbody>
          {CARD_HORIZONS.map((name) => (
            <SignalRow key={name} horizon={name} forecast={feed.cards[name]} />
          ))}
        </tbody>
      </table>
      <label className={styles.choose}>
        Paper record of horizon
        <select value={horizon} onChange={(event) => setHorizon(event.target.value)} data-testid="paper-horizon">
          {CARD_HORIZONS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <Paper symbol={instrument.id} horizon={horizon} />
    </div>
  );
}

function SignalRow({ horizon, forecast }: { readonly horizon: string; readonly forecast: CardFields | undefined }) {
  const signal = forecast?.signal;
  return (
    <tr data-testid={`signal-${horizon}`}>
      <th scope="row">{horizon}</th>
      {signal ? (
        <>
          <td className={styles.action} data-action={signal.action}>
            <span aria-hidden="true">{MARKS[signal.action]}</span> {signal.action}
          </td>
          <td>{formatBps(signal.expectedMoveBps)}</td>
          <td>{formatBps(signal.costBps)}</td>
          <td>{formatBps(signal.edgeBps)}</td>
        </>
      ) : (
        <td colSpan={4}>none yet</td>
      )}
    </tr>
  );
}

function Paper({ symbol, horizon }: { readonly symbol: string; readonly horizon: string }) {
  const { client } = useServices();
  const [paper, setPaper] = useState<PaperRecordData | 'failed'>();
  useEffect(() => {
    let isGone = false;
    setPaper(undefined);
    client
      .query(PaperRecordDocument, { symbol, horizon }, { requestPolicy: 'network-only' })
      .toPromise()
      .then(
        ({ data }) => isGone || setPaper(data?.paperRecord ?? 'failed'),
        () => isGone || setPaper('failed'),
      );
    return () => {
      isGone = true;
    };
  }, [client, symbol, horizon]);
  if (paper === undefined) return <p className={styles.note}>Adding up…</p>;
  if (paper === 'failed') return <p className={styles.note}>The paper record is not available here.</p>;
  const text = toPaperText(paper);
  return (
    <section className={styles.paper} aria-label="Paper record" data-testid="paper-record">
      <dl>
        <dt>Trades</dt>
        <dd>{text.trades}</dd>
        <dt>Mean after costs</dt>
        <dd>{text.mean}</dd>
        <dt>Total</dt>
        <dd>{text.total}</dd>
        <dt>Doing nothing</dt>
        <dd>{formatBps(paper.doNothingBps)}</dd>
        <dt>Buy and hold</dt>
        <dd>{paper.buyAndHoldBps === null ? '–' : formatBps(paper.buyAndHoldBps)}</dd>
        <dt>Deepest fall</dt>
        <dd>{(paper.maxDrawdown * 100).toFixed(1)} %</dd>
      </dl>
      <p className={styles.note}>{paper.statement}</p>
      <p className={styles.note}>{paper.disclaimer}</p>
    </section>
  );
}
