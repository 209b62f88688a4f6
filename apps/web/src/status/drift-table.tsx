'use client';

import { useQuery } from 'urql';
import { ModelRecordDocument } from '../graphql/documents/models.ts';
import { RECENT, RECORD } from '../models/asked.ts';
import { coverageText, skillText } from '../models/record-text.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { DRIFT_TEXT, toDrift } from './drift.ts';
import styles from './status.module.css';

/** Whether the forecasts that are shown still hold what they say, horizon by horizon: 30 days judge, 7 days stand beside them. */
export function DriftTable() {
  const [longer, ask] = useQuery({ query: ModelRecordDocument, variables: RECORD });
  const [recent] = useQuery({ query: ModelRecordDocument, variables: RECENT });
  if (!longer.data) return <QueryProblem error={longer.error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  const { horizons, model } = longer.data.trackRecord;
  if (horizons.length === 0) return <p>No forecast has come due yet: there is nothing to judge.</p>;
  const last = recent.data?.trackRecord.horizons ?? [];
  return (
    <TableBox label="Drift">
      <table data-testid="drift">
        <caption>
          Of {model?.name} {model?.version}
        </caption>
        <thead>
          <tr>
            <th scope="col">Horizon</th>
            <th scope="col" data-kind="text">
              State
            </th>
            <th scope="col">90 % band held, 30 days</th>
            <th scope="col">7 days</th>
            <th scope="col">Skill, 30 days</th>
            <th scope="col">7 days</th>
          </tr>
        </thead>
        <tbody>
          {horizons.map((record) => {
            const drift = toDrift(record);
            const week = last.find(({ horizon }) => horizon === record.horizon);
            return (
              <tr key={record.horizon}>
                <th scope="row">{record.horizon}</th>
                <td data-kind="text" className={styles.state} data-state={drift}>
                  <span aria-hidden="true">{DRIFT_TEXT[drift].mark} </span>
                  {DRIFT_TEXT[drift].label}
                </td>
                <td>{coverageText(record, 0.9)}</td>
                <td>{week ? coverageText(week, 0.9) : 'too few'}</td>
                <td>{skillText(record).figure}</td>
                <td>{week ? skillText(week).figure : 'too few'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </TableBox>
  );
}
