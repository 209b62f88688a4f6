'use client';

import { useQuery } from 'urql';
import { ChampionHistoryDocument, JobsDocument, ModelRecordDocument, RunsDocument } from '../graphql/documents/models.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { pageHref } from '../shell/navigation.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { useWorkspace } from '../workspace/services.ts';
import { CHANGES, RECORD, RUNS } from './asked.ts';
import { coverageText, skillText } from './record-text.ts';
import { depthOf, issueCadence, type RunningModel, retrainingOf, toRunningModels } from './running-models.ts';

/** Whose forecasts are shown, horizon by horizon, with what they came to in the last 30 days. */
export function RunningTable() {
  const [changes, askChanges] = useQuery({ query: ChampionHistoryDocument, variables: CHANGES });
  const [record] = useQuery({ query: ModelRecordDocument, variables: RECORD });
  const [runs] = useQuery({ query: RunsDocument, variables: RUNS });
  const [jobs] = useQuery({ query: JobsDocument, variables: {} });
  if (!changes.data) return <QueryProblem error={changes.error} onRetry={() => askChanges({ requestPolicy: 'network-only' })} />;
  const shown = record.data?.trackRecord;
  const rows = toRunningModels({
    changes: changes.data.championHistory.edges.map(({ node }) => node),
    shown: shown && { model: shown.model, horizons: shown.horizons.map(({ horizon }) => horizon) },
  });
  if (rows.length === 0) return <p>No model has issued a forecast yet: the first one is trained once there is enough history.</p>;
  const trainings = runs.data?.runs.edges.map(({ node }) => node) ?? [];
  const retraining = retrainingOf('LSTM', jobs.data?.jobs ?? []);
  return (
    <TableBox label="Running models">
      <table data-testid="running-models">
        <thead>
          <tr>
            <th scope="col">Horizon</th>
            <th scope="col" data-kind="text">
              Model
            </th>
            <th scope="col" data-kind="text">
              Type
            </th>
            <th scope="col" data-kind="text">
              Depth
            </th>
            <th scope="col" data-kind="text">
              Forecasts
            </th>
            <th scope="col" data-kind="text">
              Trained anew
            </th>
            <th scope="col">n</th>
            <th scope="col">Skill</th>
            <th scope="col">Coverage of the 90 % band</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <RunningRow
              key={row.horizon}
              row={row}
              depth={depthOf(row.model.id, trainings)}
              cadence={row.model.kind === 'BASELINE' ? 'never: a rule' : (retraining?.cadence?.toLowerCase() ?? '–')}
            />
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}

interface RowProps {
  readonly row: RunningModel;
  readonly depth: string;
  readonly cadence: string;
}

function RunningRow({ row, depth, cadence }: RowProps) {
  const theme = useWorkspace((state) => state.theme);
  const { horizon, model, since } = row;
  const [{ data }] = useQuery({ query: ModelRecordDocument, variables: { modelId: model.id, ...RECORD } });
  const record = data?.trackRecord.horizons.find((one) => one.horizon === horizon);
  const skill = record && skillText(record);
  return (
    <tr data-testid={`running-${horizon}`}>
      <th scope="row">{horizon}</th>
      <td data-kind="text">
        <a href={pageHref(`/models/${encodeURIComponent(model.id)}`, theme)}>{model.name}</a>
        <small>
          {model.version}
          {since && ` · since ${formatMoment(since)}`}
        </small>
      </td>
      <td data-kind="text">{model.kind === 'BASELINE' ? 'rule' : model.kind}</td>
      <td data-kind="text">{depth}</td>
      <td data-kind="text">{issueCadence(horizon)}</td>
      <td data-kind="text">{cadence}</td>
      <td>{record?.n ?? 0}</td>
      <td>
        {skill?.figure ?? 'too few'}
        {skill?.verdict && <small>{skill.verdict}</small>}
      </td>
      <td>{record ? coverageText(record, 0.9) : 'too few'}</td>
    </tr>
  );
}
