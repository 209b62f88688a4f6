import type { Metadata } from 'next';
import {
  ChampionHistoryDocument,
  JobsDocument,
  ModelRecordDocument,
  ModelsDocument,
  RunsDocument,
} from '../../graphql/documents/models.ts';
import { CHANGES, RECORD, RUNS } from '../../models/asked.ts';
import { ChampionTable } from '../../models/champion-table.tsx';
import { JobTable } from '../../models/job-table.tsx';
import { ModelList } from '../../models/model-list.tsx';
import { RunComparison } from '../../models/run-comparison.tsx';
import { toRunningModels } from '../../models/running-models.ts';
import { RunningTable } from '../../models/running-table.tsx';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Panel } from '../../shell/panel.tsx';

export const metadata: Metadata = {
  title: 'Models · Candlecast',
  description: 'Which models forecast, how they were trained and what their forecasts came to.',
};

/** Who forecasts, how it was trained and what is scheduled. */
export default async function ModelsPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const page = await openPage('/models', searchParams);
  const [history, shown] = await Promise.all([
    page.ask(ChampionHistoryDocument, CHANGES),
    page.ask(ModelRecordDocument, RECORD),
    page.ask(ModelsDocument, {}),
    page.ask(RunsDocument, RUNS),
    page.ask(JobsDocument, {}),
  ]);
  const changes = history?.championHistory.edges.map(({ node }) => node) ?? [];
  const record = shown?.trackRecord;
  const running = toRunningModels({
    changes,
    shown: record && { model: record.model, horizons: record.horizons.map(({ horizon }) => horizon) },
  });
  const ids = new Set(running.map(({ model }) => model.id));
  await Promise.all([...ids].map((modelId) => page.ask(ModelRecordDocument, { modelId, ...RECORD })));
  const chosen = [page.query.runs ?? []].flat();
  return (
    <PageFrame
      {...page.frame()}
      title="Models"
      lead="Whose forecasts are shown, how they were trained, and what they came to. Simple rules stand beside trained models under their own names."
    >
      <Panel
        title="Running models"
        note="Skill is 1 − CRPS ÷ CRPS of the reference over the last 30 days, with its interval of 95 %: above 0 is better."
      >
        <RunningTable />
      </Panel>
      <Panel title="All models" note="Everything that has issued a forecast. A model never changes once it is named.">
        <ModelList />
      </Panel>
      <Panel
        title="Trainings compared"
        id="runs"
        note="Validation loss by epoch as a part of the baseline's: below 1 is better than the baseline."
      >
        <RunComparison chosen={chosen} />
      </Panel>
      <Panel title="Jobs" id="jobs" note="Retraining, judgements and checks, by the venue's clock.">
        <JobTable />
      </Panel>
      <Panel
        title="Changes of champion"
        id="champions"
        note="A challenger takes a place only by a rule that compares both on the same origins."
      >
        <ChampionTable />
      </Panel>
    </PageFrame>
  );
}
