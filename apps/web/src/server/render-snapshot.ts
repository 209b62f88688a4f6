import type { SSRData } from '@urql/core';
import { BarChunksDocument, ChunkDocument, LatestForecastsDocument, WorkspaceDocument } from '../graphql/documents/workspace.ts';
import { type Failure, toFailure } from '../graphql/failure.ts';
import { chunksOfFirstPicture, chunkVariables } from '../graphql/read-chunks.ts';
import { resolveWorkspace, type WorkspaceWish } from '../workspace/parse-workspace-url.ts';
import type { PaneChoice, Workspace } from '../workspace/workspace-url.ts';
import { type GatewayAnswer, queryGateway } from './query-gateway.ts';

/** What the server knows when it renders the page: the workspace and its data, or why there is none. */
export type Snapshot =
  | {
      readonly ok: true;
      readonly workspace: Workspace;
      readonly rendered: SSRData;
      /** How old the oldest part is where the gateway does not answer, in seconds; undefined where it does. */
      readonly staleSeconds: number | undefined;
    }
  | { readonly ok: false; readonly failure: Failure };

const NOTHING_TRACKED: Failure = { code: 'NOT_FOUND', message: 'no pair is tracked yet' };

/** Asks the gateway for everything that the first picture shows. A pane whose data fails is left to the browser. */
export async function renderSnapshot(wish: WorkspaceWish): Promise<Snapshot> {
  try {
    const market = await queryGateway(WorkspaceDocument, {});
    const instruments = market.data.instruments.edges.map(({ node }) => node);
    if (instruments.length === 0) return { ok: false, failure: NOTHING_TRACKED };
    const workspace = resolveWorkspace(
      wish,
      instruments.map(({ symbol }) => symbol),
    );
    const idOf = ({ symbol }: PaneChoice) => instruments.find((instrument) => instrument.symbol === symbol)?.id;
    const panes = await Promise.all(workspace.panes.map((pane) => renderPane(idOf(pane), pane)));
    const answers = [market, ...panes.flat()];
    const ages = answers.flatMap(({ staleSeconds }) => staleSeconds ?? []);
    return {
      ok: true,
      workspace,
      rendered: Object.assign({}, ...answers.map(({ rendered }) => rendered)),
      staleSeconds: ages.length === 0 ? undefined : Math.max(...ages),
    };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

type Part = Pick<GatewayAnswer<unknown>, 'rendered' | 'staleSeconds'>;

/** Asks for what one pane shows. What fails is left to the browser. */
export async function renderPane(symbol: string | undefined, { interval }: PaneChoice): Promise<Part[]> {
  if (symbol === undefined) return [];
  const answers = await Promise.allSettled([
    renderCandles(symbol, interval),
    queryGateway(LatestForecastsDocument, { symbol }).then((answer) => [answer]),
  ]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

async function renderCandles(symbol: string, interval: PaneChoice['interval']): Promise<Part[]> {
  const list = await queryGateway(BarChunksDocument, { symbol, interval });
  const chunks = chunksOfFirstPicture(list.data.barChunks);
  return [list, ...(await Promise.all(chunks.map((chunk) => queryGateway(ChunkDocument, chunkVariables(symbol, interval, chunk)))))];
}
