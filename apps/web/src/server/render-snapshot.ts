import type { SSRData } from '@urql/core';
import { BarsDocument, LatestForecastsDocument, WorkspaceDocument } from '../graphql/documents.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import { newestBars } from '../graphql/load-candles.ts';
import { type PaneChoice, resolveWorkspace, type Workspace, type WorkspaceWish } from '../workspace/workspace-url.ts';
import { queryGateway } from './query-gateway.ts';

/** What the server knows when it renders the page: the workspace and its data, or why there is none. */
export type Snapshot =
  | { readonly ok: true; readonly workspace: Workspace; readonly rendered: SSRData }
  | { readonly ok: false; readonly failure: Failure };

const NOTHING_TRACKED: Failure = { code: 'NOT_FOUND', message: 'no pair is tracked yet' };

/** Asks the gateway for everything that the first picture shows. A pane whose data fails is left to the browser. */
export async function renderSnapshot(wish: WorkspaceWish): Promise<Snapshot> {
  try {
    const { data, rendered } = await queryGateway(WorkspaceDocument, {});
    const instruments = data.instruments.edges.map(({ node }) => node);
    if (instruments.length === 0) return { ok: false, failure: NOTHING_TRACKED };
    const workspace = resolveWorkspace(
      wish,
      instruments.map(({ symbol }) => symbol),
    );
    const idOf = ({ symbol }: PaneChoice) => instruments.find((instrument) => instrument.symbol === symbol)?.id;
    const panes = await Promise.all(workspace.panes.map((pane) => renderPane(idOf(pane), pane)));
    return { ok: true, workspace, rendered: Object.assign({}, rendered, ...panes) };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

async function renderPane(symbol: string | undefined, { interval }: PaneChoice): Promise<SSRData> {
  if (symbol === undefined) return {};
  const answers = await Promise.allSettled([
    queryGateway(BarsDocument, newestBars(symbol, interval)),
    queryGateway(LatestForecastsDocument, { symbol }),
  ]);
  return Object.assign({}, ...answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.rendered : {})));
}
