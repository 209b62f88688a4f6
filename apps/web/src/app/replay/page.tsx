import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { ReplayRangeDocument } from '../../graphql/documents/replay.ts';
import { WorkspaceDocument } from '../../graphql/documents/workspace.ts';
import { venueTimeOf } from '../../market/venue-time-of.ts';
import { findReplayProblem } from '../../replay/find-replay-problem.ts';
import { ReplayApp } from '../../replay/replay-app.tsx';
import { ReplayChooser } from '../../replay/replay-chooser.tsx';
import { parseReplay } from '../../replay/replay-clock.ts';
import { readWebSettings } from '../../server/config.ts';
import { socketUrl } from '../../server/gateway-address.ts';
import { openPage, type SearchParams } from '../../server/open-page.ts';
import { PageFrame } from '../../shell/page-frame.tsx';
import { parseWorkspaceUrl, resolveWorkspace } from '../../workspace/parse-workspace-url.ts';

export const metadata: Metadata = { title: 'Replay · Candlecast', description: 'The workspace, run from a moment of the past.' };

/** The workspace from a moment of the past, or the choice of one. */
export default async function ReplayPage({ searchParams }: { readonly searchParams: SearchParams }) {
  const query = await searchParams;
  const page = await openPage('/replay', searchParams);
  const { read } = page;
  const [market, range] = [await page.ask(WorkspaceDocument, {}), await page.ask(ReplayRangeDocument, {})];
  const ranges = range?.instruments.edges.map(({ node }) => node) ?? [];
  const present = venueTimeOf(market?.freshness ?? [])?.venueTime;
  const parsed = parseReplay(read);
  const firsts = ranges.map(({ firstOpenTime }) => firstOpenTime);
  const problem = parsed?.ok ? findReplayProblem(parsed.wish.replayFrom, present, firsts) : parsed?.problem;
  if (!parsed?.ok || problem !== undefined || present === undefined) {
    return (
      <PageFrame
        {...page.frame()}
        title="Replay"
        lead="The workspace, run from a moment of the past at up to 3,600 times its pace. Nothing that was known later is in it."
      >
        <ReplayChooser ranges={ranges} present={present} problem={problem} />
      </PageFrame>
    );
  }
  // One chart where the address names none: every chart of a replay has a clock of its own at the gateway.
  const wish = parseWorkspaceUrl((name) => (name === 'range' ? undefined : name === 'layout' && !query.panes ? '1' : read(name)));
  const workspace = resolveWorkspace(
    wish,
    ranges.map(({ symbol }) => symbol),
  );
  return (
    <ReplayApp
      wish={parsed.wish}
      present={present}
      workspace={workspace}
      socketUrl={socketUrl(readWebSettings(), await headers())}
      isDebug={query.debug === '1'}
    />
  );
}
