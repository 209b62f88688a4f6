'use client';

import { useQuery } from 'urql';
import { ModelRecordDocument } from '../graphql/documents/models.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { coverageText, FEW, formatBounded, hitText, skillText, TOO_FEW } from './record-text.ts';

interface Props {
  /** As asked of the gateway: the same variables, in the same order, as on the server. */
  readonly variables: { readonly modelId?: string; readonly symbol?: string; readonly window: 'DAYS_30' };
  readonly label: string;
}

/** What a model's forecasts came to, horizon by horizon. */
export function RecordTable({ variables, label }: Props) {
  const [{ data, error }, ask] = useQuery({ query: ModelRecordDocument, variables });
  if (!data) return <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  const { horizons, disclaimer, model } = data.trackRecord;
  if (horizons.length === 0) return <p>No forecast has come due in the last 30 days: there is nothing to judge yet.</p>;
  return (
    <>
      <p>
        {model && (
          <>
            Of <strong>{model.name}</strong> {model.version}, the last 30 days.{' '}
          </>
        )}
        {disclaimer}
      </p>
      <TableBox label={label}>
        <table data-testid="record">
          <thead>
            <tr>
              <th scope="col">Horizon</th>
              <th scope="col">n</th>
              <th scope="col">Late, missing</th>
              <th scope="col">Skill against the reference</th>
              <th scope="col">Error ÷ naive</th>
              <th scope="col">Hit rate</th>
              <th scope="col">50 % band held</th>
              <th scope="col">90 % band held</th>
            </tr>
          </thead>
          <tbody>
            {horizons.map((record) => {
              const skill = skillText(record);
              return (
                <tr key={record.horizon}>
                  <th scope="row">{record.horizon}</th>
                  <td>{record.n}</td>
                  <td>
                    {record.late}, {record.missing}
                  </td>
                  <td>
                    {skill.figure}
                    {skill.verdict && <small>{skill.verdict}</small>}
                  </td>
                  <td>{record.maeRatio && record.n >= FEW ? formatBounded(record.maeRatio, (value) => value.toFixed(3)) : TOO_FEW}</td>
                  <td>{hitText(record)}</td>
                  <td>{coverageText(record, 0.5)}</td>
                  <td>{coverageText(record, 0.9)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </TableBox>
    </>
  );
}
