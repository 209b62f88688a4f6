'use client';

import { useQuery } from 'urql';
import { DriftDocument } from '../graphql/documents/status.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { driftState, driftText, shareText } from './drift.ts';
import styles from './status.module.css';

/** How the champion of each horizon stood at the last midnight, as the forecaster has written it down. */
export function DriftTable() {
  const [{ data, error }, ask] = useQuery({ query: DriftDocument, variables: {} });
  if (!data) return <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  const [first] = data.drift;
  if (!first) return <p>No champion has been looked at in the last three days: that is done at midnight, UTC.</p>;
  return (
    <TableBox label="Drift">
      <table data-testid="drift">
        <caption>Looked at {formatMoment(first.at)}</caption>
        <thead>
          <tr>
            <th scope="col">Horizon</th>
            <th scope="col" data-kind="text">
              Champion
            </th>
            <th scope="col" data-kind="text">
              State
            </th>
            <th scope="col">Loss ÷ reference’s</th>
            <th scope="col">90 % band held</th>
            <th scope="col">Unlike its training</th>
            <th scope="col">Pairs with gaps</th>
          </tr>
        </thead>
        <tbody>
          {data.drift.map((check) => (
            <tr key={check.horizon}>
              <th scope="row">{check.horizon}</th>
              <td data-kind="text">
                {check.model.name} {check.model.version}
              </td>
              <td data-kind="text" className={styles.state} data-state={driftState(check)}>
                <span aria-hidden="true">{MARKS[driftState(check)]} </span>
                {driftText(check)}
              </td>
              <td>{check.lossRatio === null ? '–' : check.lossRatio.toFixed(3)}</td>
              <td>{shareText(check.coverage90)}</td>
              <td>{shareText(check.clippedShare)}</td>
              <td>{check.gappedInstruments}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

const MARKS = { HOLDS: '✓', ALARM: '!', TOO_FEW: '–' } as const;
