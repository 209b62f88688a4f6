import type { Decimal } from '@candlecast/domain';
import { formatInstant } from '../charts/axis-time.ts';
import type { HistoryFields } from '../graphql/documents/forecasts.ts';
import { toInstant } from '../market/chart-candle.ts';
import { formatPrice } from '../market/format-decimal.ts';
import { TableBox } from '../shell/panel.tsx';
import { CALL_ARROWS, callOf, formatChance, OUTCOME_TEXTS, outcomeOf } from './call-of.ts';
import styles from './forecasts.module.css';
import { quantileOf } from './prediction-series.ts';

/** Forecasts with what came of them, the newest first, each with its permalink. Nothing is left out because it turned out wrong. */
export function HistoryTable({ forecasts, decimals }: { readonly forecasts: readonly HistoryFields[]; readonly decimals: number }) {
  const price = (value: Decimal | null | undefined) => (value == null ? '–' : formatPrice(value, decimals));
  return (
    <TableBox label="History">
      <table data-testid="history-table">
        <thead>
          <tr>
            <th scope="col">Issued (UTC)</th>
            <th scope="col">Target (UTC)</th>
            <th scope="col">Call</th>
            <th scope="col">P(up)</th>
            <th scope="col">Median</th>
            <th scope="col">90 % band</th>
            <th scope="col">Actual</th>
            <th scope="col">Outcome</th>
            <th scope="col">In 90 %</th>
            <th scope="col">Error</th>
            <th scope="col">Naive error</th>
            <th scope="col">Model</th>
          </tr>
        </thead>
        <tbody>
          {forecasts.map((forecast) => {
            const { id, pUp, resolution, model } = forecast;
            const [lower, upper] = [quantileOf(forecast, 0.05), quantileOf(forecast, 0.95)];
            const outcome = outcomeOf(resolution);
            return (
              <tr key={id} data-testid="history-row" data-outcome={outcome}>
                <td>
                  <a href={`/forecasts/${encodeURIComponent(id)}`}>{formatInstant(toInstant(forecast.issuedAt))}</a>
                </td>
                <td>{formatInstant(toInstant(forecast.targetTime))}</td>
                <td data-call={callOf(pUp)} className={styles.call}>
                  <span aria-hidden="true">{CALL_ARROWS[callOf(pUp)]}</span> {callOf(pUp)} <small>{formatChance(pUp)}</small>
                </td>
                <td>{pUp.toFixed(3)}</td>
                <td>{price(quantileOf(forecast, 0.5))}</td>
                <td>
                  {price(lower)} – {price(upper)}
                </td>
                <td>{price(resolution?.actual)}</td>
                <td className={styles.outcome} data-outcome={outcome}>
                  {OUTCOME_TEXTS[outcome]}
                </td>
                <td>{toYesNo(resolution?.in90)}</td>
                <td>{price(resolution?.absErr)}</td>
                <td>{price(resolution?.absErrNaive)}</td>
                <td>{model.name}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}

/** Returns a fact in a word; a dash for what is not known. */
export function toYesNo(fact: boolean | null | undefined): string {
  return fact == null ? '–' : fact ? 'yes' : 'no';
}
