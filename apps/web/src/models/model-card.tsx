'use client';

import { useQuery } from 'urql';
import {
  ChampionHistoryDocument,
  JobsDocument,
  LedgerHeadDocument,
  ModelRecordDocument,
  ModelsDocument,
  RunsDocument,
} from '../graphql/documents/models.ts';
import { DriftDocument } from '../graphql/documents/status.ts';
import { formatMoment } from '../markets/format-figures.ts';
import facts from '../shell/facts.module.css';
import { pageHref } from '../shell/navigation.ts';
import { Panel } from '../shell/panel.tsx';
import { QueryProblem } from '../shell/query-problem.tsx';
import { driftText } from '../status/drift.ts';
import { useWorkspace } from '../workspace/services.ts';
import { CHANGES, RECORD, RUNS } from './asked.ts';
import { BaselineTable } from './baseline-table.tsx';
import { LossChart } from './loss-chart.tsx';
import { toLossCurve } from './loss-curves.ts';
import styles from './models.module.css';
import { RecordTable } from './record-table.tsx';
import { depthOf, retrainingOf } from './running-models.ts';

/** Everything that is known of one model. */
export function ModelCard({ id }: { readonly id: string }) {
  const theme = useWorkspace((state) => state.theme);
  const [models, ask] = useQuery({ query: ModelsDocument, variables: {} });
  const [runs] = useQuery({ query: RunsDocument, variables: RUNS });
  const [jobs] = useQuery({ query: JobsDocument, variables: {} });
  const [changes] = useQuery({ query: ChampionHistoryDocument, variables: CHANGES });
  const [drift] = useQuery({ query: DriftDocument, variables: {} });
  const [head] = useQuery({ query: LedgerHeadDocument, variables: {} });
  const [record] = useQuery({ query: ModelRecordDocument, variables: { modelId: id, ...RECORD } });
  const all = models.data?.models.edges.map(({ node }) => node);
  const model = all?.find((one) => one.id === id);
  if (!all) return <QueryProblem error={models.error} onRetry={() => ask({ requestPolicy: 'network-only' })} rows={10} />;
  if (!model) return <p>There is no model “{id}”.</p>;
  const trainings = runs.data?.runs.edges.map(({ node }) => node) ?? [];
  const run = trainings.find((one) => one.model?.id === id);
  const retraining = retrainingOf(model.kind, jobs.data?.jobs ?? []);
  const horizons = record.data?.trackRecord.horizons ?? [];
  const firsts = new Map<string, string>();
  for (const { node } of changes.data?.championHistory.edges ?? []) if (!firsts.has(node.horizon)) firsts.set(node.horizon, node.champion);
  const held = [...firsts].filter(([, name]) => name === model.name).map(([horizon]) => horizon);
  const looks = drift.data?.drift.filter((look) => look.model.name === model.name);
  const driftOf = looks?.map((look) => `${look.horizon}: ${driftText(look)}`).join(', ');
  const ledger = head.data?.ledgerHead;
  const isRule = model.kind === 'BASELINE';
  return (
    <>
      <Panel title="Card">
        <dl className={facts.facts} data-testid="model-card">
          <dt>Name and version</dt>
          <dd>
            {model.name}, {model.version}
          </dd>
          <dt>Type</dt>
          <dd>{isRule ? 'a rule, which is not trained' : model.kind}</dd>
          <dt>SHA-256 of its file</dt>
          <dd>{model.sha256 ? <code>{model.sha256}</code> : 'none: it has no file'}</dd>
          <dt>Trained on</dt>
          <dd>
            {model.trainedFrom && model.trainedThrough
              ? `${formatMoment(model.trainedFrom)} to ${formatMoment(model.trainedThrough)}; no candle that closed later`
              : 'nothing'}
          </dd>
          <dt>Depth</dt>
          <dd>{depthOf(id, trainings)}</dd>
          <dt>Features</dt>
          <dd>schema {model.featureSchema}</dd>
          <dt>Horizons</dt>
          <dd>{horizons.map(({ horizon }) => horizon).join(', ') || 'none has come due yet'}</dd>
          <dt>Champion at</dt>
          <dd>{held.join(', ') || 'no horizon'}</dd>
          <dt>Last training</dt>
          <dd>
            {run
              ? `${formatMoment(run.startedAt)} to ${formatMoment(run.endedAt)}, seed ${run.seed}`
              : isRule
                ? 'never'
                : 'not among the newest trainings'}
          </dd>
          <dt>Next training</dt>
          <dd>
            {retraining ? `${formatMoment(retraining.nextAt)}, ${retraining.cadence?.toLowerCase()}` : isRule ? 'never' : 'not scheduled'}
          </dd>
          <dt>Drift</dt>
          <dd>
            {driftOf === undefined ? '–' : driftOf || 'champions are looked at, and it is none'} (
            <a href={pageHref('/status#drift', theme)}>how it is judged</a>)
          </dd>
          <dt>Ledger</dt>
          <dd>
            {ledger ? (
              <>
                {ledger.seq} entries, head <code>{ledger.hash}</code>
              </>
            ) : (
              '–'
            )}
          </dd>
        </dl>
      </Panel>
      <Panel title="Track record" note="Every forecast counts, late and missing ones against it.">
        <RecordTable variables={{ modelId: id, ...RECORD }} label={`Track record of ${model.name}`} />
      </Panel>
      <Panel title="Beside the baselines" note="Skill of each over the last 30 days, with its interval of 95 %.">
        <BaselineTable models={[model, ...all.filter((one) => one.kind === 'BASELINE' && one.id !== id)]} />
      </Panel>
      {run && run.epochs.length > 0 && (
        <Panel
          title="How its training went"
          note="Validation loss by epoch as a part of the baseline's: below 1 is better than the baseline."
        >
          <LossChart curves={[{ ...toLossCurve(run), label: `${run.name} of ${formatMoment(run.startedAt)}` }]} />
          <p>
            <a className={styles.more} href={pageHref('/models#runs', theme, { runs: run.id })}>
              Compare it with other trainings
            </a>
          </p>
        </Panel>
      )}
    </>
  );
}
