'use client';

import { useQuery } from 'urql';
import { type RunFields, RunsDocument } from '../graphql/documents/models.ts';
import { formatMoment } from '../markets/format-figures.ts';
import { TableBox } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { useWorkspace } from '../workspace/services.ts';
import { RUNS } from './asked.ts';
import { LossChart } from './loss-chart.tsx';
import { toLossCurve } from './loss-curves.ts';
import styles from './models.module.css';

const AT_FIRST = 3;
/** As many as there are ways to draw a line that are told apart. */
const MOST = 5;

/** Trainings and how their losses went, chosen ones over one another. The choice is a form: it works without JavaScript. */
export function RunComparison({ chosen }: { readonly chosen: readonly string[] }) {
  const theme = useWorkspace((state) => state.theme);
  const [{ data, error }, ask] = useQuery({ query: RunsDocument, variables: RUNS });
  if (!data) return <QueryProblem error={error} onRetry={() => ask({ requestPolicy: 'network-only' })} />;
  const runs = data.runs.edges.map(({ node }) => node);
  if (runs.length === 0) return <p>Nothing was trained yet.</p>;
  const withLosses = runs.filter(({ epochs }) => epochs.length > 0);
  const wanted = withLosses.filter(({ id }) => chosen.includes(id));
  const shown = (wanted.length > 0 ? wanted : withLosses.slice(0, AT_FIRST)).slice(0, MOST);
  return (
    <form action="/models#runs" method="get">
      <LossChart curves={shown.map((run) => ({ ...toLossCurve(run), label: `${run.name} of ${formatMoment(run.startedAt)}` }))} />
      {theme === 'light' && <input type="hidden" name="theme" value="light" />}
      <p className={styles.choice}>
        <button type="submit">Compare the chosen ones</button> up to {MOST} at a time
      </p>
      <TableBox label="Trainings">
        <table data-testid="runs">
          <thead>
            <tr>
              <th scope="col">Compare</th>
              <th scope="col" data-kind="text">
                Training
              </th>
              <th scope="col" data-kind="text">
                State
              </th>
              <th scope="col" data-kind="text">
                Model
              </th>
              <th scope="col">Epochs</th>
              <th scope="col">Best loss ÷ baseline</th>
              <th scope="col">Began</th>
              <th scope="col">Ended</th>
              <th scope="col">Seed</th>
              <th scope="col" data-kind="text">
                Data
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <RunRow key={run.id} run={run} isShown={shown.includes(run)} />
            ))}
          </tbody>
        </table>
      </TableBox>
    </form>
  );
}

function RunRow({ run, isShown }: { readonly run: RunFields; readonly isShown: boolean }) {
  const { best } = toLossCurve(run);
  return (
    <tr>
      <td>
        <label className={styles.tick}>
          <input type="checkbox" name="runs" value={run.id} defaultChecked={isShown} disabled={run.epochs.length === 0} />
          <span className="visuallyHidden">
            {run.name} of {formatMoment(run.startedAt)}
          </span>
        </label>
      </td>
      <th scope="row" data-kind="text">
        {run.name}
        <small>{run.codeVersion}</small>
      </th>
      <td data-kind="text">
        {run.state.toLowerCase()}
        {run.failure && <small>{run.failure}</small>}
      </td>
      <td data-kind="text">
        {run.model?.name ?? '–'} <small>{run.model?.version}</small>
      </td>
      <td>{run.epochs.length}</td>
      <td>{best === undefined ? '–' : best.toFixed(4)}</td>
      <td>{formatMoment(run.startedAt)}</td>
      <td>{formatMoment(run.endedAt)}</td>
      <td>{run.seed}</td>
      <td data-kind="text">
        <code title={run.dataHash}>{run.dataHash.slice(0, 12)}</code>
      </td>
    </tr>
  );
}
