import { type Decimal, subtractDecimals } from '@candlecast/domain';
import { formatInstant } from '../charts/axis-time.ts';
import { formatChange, formatPrice } from '../market/format-decimal.ts';
import { TableBox } from '../shell/panel.tsx';
import type { PredictedPoint } from './prediction-series.ts';

/** Rows shown: the newest that came true or did not. */
const ROWS = 12;

/** Actual against predicted against naive, the newest first: the table of the plot above it. */
export function ActualTable({ predicted, decimals }: { readonly predicted: readonly PredictedPoint[]; readonly decimals: number }) {
  const known = predicted.flatMap((point) => (point.actual === null ? [] : [{ ...point, actual: point.actual }]));
  const price = (value: Decimal) => formatPrice(value, decimals);
  return (
    <TableBox label="Actual against predicted">
      <table data-testid="actual-table">
        <thead>
          <tr>
            <th scope="col">Target (UTC)</th>
            <th scope="col">Actual</th>
            <th scope="col">Predicted median</th>
            <th scope="col">Naive</th>
            <th scope="col">Actual − predicted</th>
            <th scope="col">Actual − naive</th>
          </tr>
        </thead>
        <tbody>
          {known
            .slice(-ROWS)
            .toReversed()
            .map(({ id, targetTime, actual, median, refPrice }) => (
              <tr key={id}>
                <td>{formatInstant(targetTime)}</td>
                <td>{price(actual)}</td>
                <td>{price(median)}</td>
                <td>{price(refPrice)}</td>
                <td>{formatChange(subtractDecimals(actual, median), decimals)}</td>
                <td>{formatChange(subtractDecimals(actual, refPrice), decimals)}</td>
              </tr>
            ))}
          {known.length === 0 && (
            <tr>
              <td colSpan={6}>Nothing has come true yet: the first target time has not passed.</td>
            </tr>
          )}
        </tbody>
      </table>
    </TableBox>
  );
}
