import type { Metadata } from 'next';
import { JobsDocument } from '../../graphql/documents/models.ts';
import { DriftDocument, FreshnessDocument, GapLedgerDocument } from '../../graphql/documents/status.ts';
import { JobTable } from '../../models/job-table.tsx';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import { Panel } from '../../shell/panel.tsx';
import { GAPS } from '../../status/asked.ts';
import { DriftTable } from '../../status/drift-table.tsx';
import { FeedPanel } from '../../status/feed-panel.tsx';
import { FreshnessTable } from '../../status/freshness-table.tsx';
import { GapLedger } from '../../status/gap-ledger.tsx';

export const metadata: Metadata = {
  title: 'Status · Candlecast',
  description: 'The feed, gaps and their repair, how fresh every pair is, and whether forecasts hold what they say.',
};

/** Feeds, freshness, gaps and drift. */
export default async function StatusPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const page = await openPage('/status', searchParams);
  const [data] = await Promise.all([page.ask(FreshnessDocument, {}), page.ask(DriftDocument, {}), page.ask(JobsDocument, {})]);
  const rows = data?.freshness ?? [];
  const asked = page.read('symbol')?.toUpperCase();
  const worst = rows.toSorted((a, b) => b.openGaps - a.openGaps)[0];
  const row = rows.find(({ symbol }) => symbol.split(':').at(-1) === asked) ?? worst;
  if (row) await page.ask(GapLedgerDocument, { symbol: row.symbol, ...GAPS });
  return (
    <PageFrame
      {...page.frame()}
      title="Status"
      lead="The feed, how fresh and how complete the data is, and whether forecasts hold what they say."
    >
      <Panel title="Feed">
        <FeedPanel />
      </Panel>
      <Panel
        title="Freshness"
        note="By the venue's clock. A live pair has something new at least once a minute; older than twice that is stale."
      >
        <FreshnessTable />
      </Panel>
      {row && (
        <Panel
          title="Gap ledger"
          id="gaps"
          note="Every minute that is missing has a line: why, and what was done about it. The newest first."
        >
          <GapLedger id={row.symbol} symbol={row.symbol.split(':').at(-1) ?? row.symbol} />
        </Panel>
      )}
      <Panel
        title="Drift"
        id="drift"
        note="How the champion of each horizon stood at the last midnight, UTC. An alarm changes no champion. The About page says when each one is raised."
      >
        <DriftTable />
      </Panel>
      <Panel title="Jobs" id="jobs">
        <JobTable />
      </Panel>
    </PageFrame>
  );
}
