import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import {
  ChampionHistoryDocument,
  JobsDocument,
  LedgerHeadDocument,
  ModelRecordDocument,
  ModelsDocument,
  RunsDocument,
} from '../../../graphql/documents/models.ts';
import { DriftDocument } from '../../../graphql/documents/status.ts';
import { CHANGES, RECORD, RUNS } from '../../../models/asked.ts';
import { ModelCard } from '../../../models/model-card.tsx';
import { openPage, type SearchParams } from '../../../server/open-page.ts';
import { PageFrame } from '../../../shell/page-frame.tsx';

export const metadata: Metadata = { title: 'Model card · Candlecast' };

const ID = /^[\w-]{1,40}$/;
/** Baselines that stand beside a model. */
const MOST_BESIDE = 8;

interface Props {
  readonly params: Promise<{ readonly id: string }>;
  readonly searchParams: SearchParams;
}

/** The card of one model. */
export default async function ModelPage({ params, searchParams }: Props) {
  const { id } = await params;
  if (!ID.test(id)) notFound();
  const page = await openPage(`/models/${id}`, searchParams);
  const data = await page.ask(ModelsDocument, {});
  const models = data?.models.edges.map(({ node }) => node);
  const model = models?.find((one) => one.id === id);
  if (models && !model) notFound();
  const beside = (models ?? []).filter(({ kind }) => kind === 'BASELINE').slice(0, MOST_BESIDE);
  await Promise.all([
    page.ask(ChampionHistoryDocument, CHANGES),
    page.ask(RunsDocument, RUNS),
    page.ask(JobsDocument, {}),
    page.ask(LedgerHeadDocument, {}),
    page.ask(DriftDocument, {}),
    ...[...new Set([id, ...beside.map((one) => one.id)])].map((modelId) => page.ask(ModelRecordDocument, { modelId, ...RECORD })),
  ]);
  return (
    <PageFrame {...page.frame()} title={model?.name ?? 'Model'} lead="What it is, what it was trained on, and what its forecasts came to.">
      <ModelCard id={id} />
    </PageFrame>
  );
}
