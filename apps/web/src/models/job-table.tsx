'use client';

import { useCallback } from 'react';
import { useQuery } from 'urql';
import { JobsDocument } from '../graphql/documents/models.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { usePolling } from '../shell/use-polling.ts';

const POLL_MS = 15_000;

/** What the forecasters do and when they do it next; asked for again while the page is open. */
export function JobTable() {
  const [{ data, error }, ask] = useQuery({ query: JobsDocument, variables: {} });
  const refresh = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  usePolling(refresh, POLL_MS);
  if (!data) return <QueryProblem error={error} onRetry={refresh} />;
  if (data.jobs.length === 0) return <p>Nothing is scheduled: no forecaster has run yet.</p>;
  return (
    <TableBox label="Jobs">
      <table data-testid="jobs">
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col" data-kind="text">
              State
            </th>
            <th scope="col" data-kind="text">
              Comes
            </th>
            <th scope="col">Next</th>
            <th scope="col">Last began</th>
            <th scope="col">Last ended</th>
            <th scope="col">Tries</th>
            <th scope="col" data-kind="text">
              Last failure
            </th>
          </tr>
        </thead>
        <tbody>
          {data.jobs.map((job) => (
            <tr key={job.id}>
              <th scope="row">
                {job.kind}
                {job.key !== 'only' && <small>{job.key}</small>}
              </th>
              <td data-kind="text">{job.state.toLowerCase()}</td>
              <td data-kind="text">{job.cadence?.toLowerCase() ?? 'once'}</td>
              <td>{formatMoment(job.nextAt)}</td>
              <td>{formatMoment(job.lastStartedAt)}</td>
              <td>{formatMoment(job.lastEndedAt)}</td>
              <td>{job.attempts}</td>
              <td data-kind="text">{job.lastFailure ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
