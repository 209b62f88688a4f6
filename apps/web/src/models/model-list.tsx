'use client';

import { useQuery } from 'urql';
import { ModelsDocument } from '../graphql/documents/models.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { pageHref } from '../shell/navigation.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { useWorkspace } from '../workspace/services.ts';

/** Every model that has issued forecasts, with the way to its card. */
export function ModelList() {
  const theme = useWorkspace((state) => state.theme);
  const [{ data, error }, ask] = useQuery({ query: ModelsDocument, variables: {} });
  if (!data) return <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  const models = data.models.edges.map(({ node }) => node);
  if (models.length === 0) return <p>No model has issued a forecast yet.</p>;
  return (
    <TableBox label="All models">
      <table data-testid="models">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col" data-kind="text">
              Version
            </th>
            <th scope="col" data-kind="text">
              Type
            </th>
            <th scope="col" data-kind="text">
              SHA-256
            </th>
            <th scope="col">Trained from</th>
            <th scope="col">Trained through</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.id}>
              <th scope="row">
                <a href={pageHref(`/models/${encodeURIComponent(model.id)}`, theme)}>{model.name}</a>
              </th>
              <td data-kind="text">{model.version}</td>
              <td data-kind="text">{model.kind === 'BASELINE' ? 'rule' : model.kind}</td>
              <td data-kind="text">{model.sha256 ? <code title={model.sha256}>{model.sha256.slice(0, 12)}</code> : '–'}</td>
              <td>{formatMoment(model.trainedFrom)}</td>
              <td>{formatMoment(model.trainedThrough)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
