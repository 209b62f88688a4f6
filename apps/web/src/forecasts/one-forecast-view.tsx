import type { Decimal } from '@candlecast/domain';
import type { ReactNode } from 'react';
import { formatInstant } from '../charts/axis-time.ts';
import type { OneForecast } from '../graphql/documents/forecasts.ts';
import { toInstant } from '../market/chart-candle.ts';
import { formatPrice } from '../market/format-decimal.ts';
import facts from '../shell/facts.module.css';
import { Panel } from '../shell/panel.tsx';
import { CALL_ARROWS, callOf, formatChance, OUTCOME_TEXTS, outcomeOf } from './call-of.ts';
import styles from './forecasts.module.css';
import { toYesNo } from './history-table.tsx';
import { quantileOf } from './prediction-series.ts';

interface Props {
  readonly forecast: OneForecast;
  /** Of its pair's prices. */
  readonly decimals: number;
}

/** One forecast: what was said, what came of it, and where it stands in the ledger. */
export function OneForecastView({ forecast, decimals }: Props) {
  const { resolution, signal, baseline } = forecast;
  const call = callOf(forecast.pUp);
  const time = (text: string) => `${formatInstant(toInstant(text))} UTC`;
  const price = (value: Decimal | null | undefined) => (value == null ? '–' : formatPrice(value, decimals));
  return (
    <>
      <Panel title="What was said" id="said">
        <dl className={facts.facts} data-testid="forecast-said">
          <Fact name="Call">
            <span className={styles.call} data-call={call}>
              <span aria-hidden="true">{CALL_ARROWS[call]}</span> {call}
            </span>{' '}
            with {formatChance(forecast.pUp)}
          </Fact>
          <Fact name="Issued">
            {time(forecast.issuedAt)}, {forecast.timing === 'ON_TIME' ? 'on time' : 'late: it counts as its baseline'}
          </Fact>
          <Fact name="As of">{time(forecast.asOf)}</Fact>
          <Fact name="About">{time(forecast.targetTime)}</Fact>
          <Fact name="Price when issued">{price(forecast.refPrice)}</Fact>
          <Fact name="Median">{price(quantileOf(forecast, 0.5))}</Fact>
          <Fact name="50 % band">
            {price(quantileOf(forecast, 0.25))} – {price(quantileOf(forecast, 0.75))}
          </Fact>
          <Fact name="90 % band">
            {price(quantileOf(forecast, 0.05))} – {price(quantileOf(forecast, 0.95))}
          </Fact>
          <Fact name="Model">{forecast.model.name}</Fact>
          {signal && (
            <Fact name="Signal">
              {signal.action}: {signal.expectedMoveBps.toFixed(1)} bps expected, {signal.costBps.toFixed(1)} bps of costs
            </Fact>
          )}
        </dl>
        <p className={styles.disclaimer}>{forecast.disclaimer}</p>
      </Panel>
      <Panel title="What came of it" id="came">
        <dl className={facts.facts} data-testid="forecast-came">
          <Fact name="Outcome">{OUTCOME_TEXTS[outcomeOf(resolution)]}</Fact>
          <Fact name="Actual price">{price(resolution?.actual)}</Fact>
          <Fact name="In the 50 % band">{toYesNo(resolution?.in50)}</Fact>
          <Fact name="In the 90 % band">{toYesNo(resolution?.in90)}</Fact>
          <Fact name="Error">{price(resolution?.absErr)}</Fact>
          <Fact name="Naive error">{price(resolution?.absErrNaive)}</Fact>
          {resolution && <Fact name="Resolved">{time(resolution.resolvedAt)}</Fact>}
        </dl>
      </Panel>
      <Panel title="Where it stands in the ledger" id="ledger">
        <dl className={facts.facts}>
          <Fact name="Entry">{forecast.ledgerSeq.toLocaleString('en')}</Fact>
          <Fact name="Hash">{forecast.hash}</Fact>
          <Fact name="Hash before">{forecast.prevHash}</Fact>
          <Fact name="Hash of the input">{forecast.inputHash}</Fact>
          <Fact name="Program">{forecast.codeVersion ?? 'not kept'}</Fact>
          <Fact name="Judged against">{baseline ? `${baseline.kind}, median ${price(baseline.value)}` : 'not kept'}</Fact>
        </dl>
      </Panel>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
