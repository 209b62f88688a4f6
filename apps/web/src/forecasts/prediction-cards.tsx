'use client';

import { dueEveryMs, parseHorizon } from '@candlecast/domain';
import { formatInstant } from '../charts/axis-time.ts';
import type { CardFields, RecordFields } from '../graphql/documents/forecasts.ts';
import { toInstant } from '../market/chart-candle.ts';
import { formatAge, formatCountdown } from '../market/duration-text.ts';
import { formatPrice } from '../market/format-decimal.ts';
import { useMarket } from '../workspace/services.ts';
import { useOverdue } from '../workspace/use-overdue.ts';
import { CALL_ARROWS, callOf, formatChance } from './call-of.ts';
import { CARD_HORIZONS, type CardHorizon } from './card-horizons.ts';
import type { ForecastPanelState } from './forecast-feed.ts';
import styles from './prediction-cards.module.css';
import { quantileOf } from './prediction-series.ts';
import { toRecordText } from './record-text.ts';

interface Props {
  readonly feed: ForecastPanelState;
  readonly decimals: number;
}

/** Six forecasts of a pair, each beside its honest record. A place is kept for each while it is loading or missing. */
export function PredictionCards({ feed, decimals }: Props) {
  return (
    <ul className={styles.cards} aria-label="Forecasts" data-testid="prediction-cards">
      {CARD_HORIZONS.map((horizon) => {
        const forecast = feed.cards[horizon];
        return (
          <li key={horizon} className={styles.card} data-testid={`card-${horizon}`}>
            {forecast ? (
              <Card forecast={forecast} horizon={horizon} record={feed.records[horizon]} decimals={decimals} />
            ) : (
              <p className={styles.empty}>
                <b>{horizon}</b> {feed.phase === 'loading' ? 'Loading…' : 'No forecast of this horizon was issued yet.'}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

interface CardProps {
  readonly forecast: CardFields;
  readonly horizon: CardHorizon;
  readonly record: RecordFields | undefined;
  readonly decimals: number;
}

function Card({ forecast, horizon, record, decimals }: CardProps) {
  const venueNow = useMarket((market) => market.venueNow);
  const target = toInstant(forecast.targetTime);
  const overdueMs = useOverdue(toInstant(forecast.asOf), dueEveryMs(parseHorizon(horizon) ?? '1h'));
  const call = callOf(forecast.pUp);
  const text = toRecordText(record);
  const median = quantileOf(forecast, 0.5);
  return (
    <article
      className={styles.inner}
      data-overdue={overdueMs !== undefined}
      aria-label={`${horizon}: ${call}, ${formatChance(forecast.pUp)}`}
    >
      <header className={styles.head}>
        <b>{horizon}</b>
        <span className={styles.call} data-call={call} data-testid={`call-${horizon}`}>
          <span aria-hidden="true">{CALL_ARROWS[call]}</span> {call}
        </span>
        <span className={styles.chance}>{formatChance(forecast.pUp)}</span>
      </header>
      <p className={styles.when}>
        Issued {formatInstant(toInstant(forecast.issuedAt))}
        {overdueMs !== undefined && <strong> · {formatAge(overdueMs)} old</strong>}
        <br />
        For {formatInstant(target)} UTC
        {venueNow !== undefined && (
          <>
            {' · '}
            <span data-testid={`countdown-${horizon}`}>{venueNow < target ? `in ${formatCountdown(target - venueNow)}` : 'due'}</span>
          </>
        )}
        {median && (
          <>
            <br />
            Median {formatPrice(median, decimals)}
          </>
        )}
      </p>
      <dl className={styles.record} title={record?.skill?.statement}>
        <dt>n</dt>
        <dd>{text.n}</dd>
        <dt>Hit rate</dt>
        <dd data-testid={`hit-rate-${horizon}`}>{text.hitRate}</dd>
        <dt>Skill vs naive</dt>
        <dd>{text.skill}</dd>
        <dt>In 90 % band</dt>
        <dd>{text.coverage90}</dd>
      </dl>
      <footer className={styles.foot}>
        <a href={`/forecasts/${encodeURIComponent(forecast.id)}`}>Permalink</a>
        <span>{forecast.model.name}</span>
      </footer>
    </article>
  );
}
