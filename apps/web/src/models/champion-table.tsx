'use client';

import { useQuery } from 'urql';
import { ChampionHistoryDocument } from '../graphql/documents/models.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { CHANGES } from './asked.ts';

const SHOWN = 20;
const REASONS = { INSTALLED: 'installed', PROMOTED: 'promoted by the rule', ROLLED_BACK: 'went back', EXPIRED: 'expired' } as const;

/** Every change of champion, the newest first, with the numbers that decided. */
export function ChampionTable() {
  const [{ data, error }, ask] = useQuery({ query: ChampionHistoryDocument, variables: CHANGES });
  if (!data) return <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  const changes = data.championHistory.edges.map(({ node }) => node).slice(0, SHOWN);
  if (changes.length === 0) return <p>No model has become champion yet.</p>;
  return (
    <TableBox label="Changes of champion">
      <table data-testid="champions">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Horizon</th>
            <th scope="col" data-kind="text">
              Champion
            </th>
            <th scope="col" data-kind="text">
              Before
            </th>
            <th scope="col" data-kind="text">
              Why
            </th>
            <th scope="col" data-kind="text">
              Numbers
            </th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.id}>
              <th scope="row">{formatMoment(change.at)}</th>
              <td>{change.horizon}</td>
              <td data-kind="text">
                {change.champion}
                <small>{change.model.version}</small>
              </td>
              <td data-kind="text">{change.former ?? '–'}</td>
              <td data-kind="text">
                {REASONS[change.reason]}
                <small>{change.decidedBy}</small>
              </td>
              <td data-kind="text">{change.figures.map(({ name, value }) => `${name} ${toShort(value)}`).join(', ') || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

function toShort(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toPrecision(3);
}
