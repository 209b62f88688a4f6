import { type Clock, compareDecimals, toDecimal } from '@candlecast/domain';
import type { Client, SSRData } from '@urql/core';
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import type { CandleChart } from '../charts/candle-chart.ts';
import { type ConnectionStore, createConnectionStore } from '../graphql/connection-store.ts';
import { createBrowserClient } from '../graphql/create-browser-client.ts';
import { type SummaryFields, WorkspaceDocument } from '../graphql/documents/workspace.ts';
import { type ChartSync, createChartSync } from './chart-sync.ts';
import type { DialogWish } from './dialogs/dialog-wish.ts';
import { createFrameBatch, type FrameBatch } from './frame-batch.ts';
import { createMarketFeed, type MarketFeed, type MarketState } from './market-feed.ts';
import { createMarketRows, type MarketRows } from './market-rows.ts';
import type { PaneFeed } from './pane-feed.ts';
import { createTurns, type TakeTurn } from './take-turns.ts';
import type { PaneChoice, Workspace } from './workspace-url.ts';

/** The workspace on this screen: what its address holds, and what is of this visit alone. */
export interface WorkspaceState extends Workspace {
  /** Whether the active pane fills the screen. */
  readonly isMaximised: boolean;
  /** Panes as they were in the largest layout of this visit: they come back with it. */
  readonly spare: readonly PaneChoice[];
  /** The dialog that is open. */
  readonly dialog: DialogWish | undefined;
}

/** Everything that the parts of the page share. */
export interface Services {
  readonly client: Client;
  readonly connection: ConnectionStore;
  readonly frames: FrameBatch;
  readonly takeTurn: TakeTurn;
  readonly market: MarketFeed;
  readonly workspace: StoreApi<WorkspaceState>;
  /** The tracked pairs, the largest turnover first. Their order is kept while the page is open, so that rows do not jump. */
  readonly rows: MarketRows;
  /** The feeds of the panes on screen, by the pane's index. */
  readonly feeds: Map<number, PaneFeed>;
  /** The charts on screen, by the pane's index, moved together as the switches say. */
  readonly charts: ChartSync<CandleChart>;
}

const NOTHING = toDecimal('0');
/** Nine charts that move ten times a second come round within five frames. */
const CHARTS_A_FRAME = 2;

interface Options {
  readonly workspace: Workspace;
  readonly rendered: SSRData;
  readonly socketUrl: string;
  readonly wall: Clock;
  /** Makes another client than that of the live page: the one of a replay. */
  readonly createClient?: typeof createBrowserClient;
}

/** Makes the services of one page. Nothing runs before they are started. */
export function createServices({ workspace, rendered, socketUrl, wall, createClient = createBrowserClient }: Options): Services {
  const connection = createConnectionStore();
  const client = createClient({ rendered, socketUrl, connection });
  const frames = createFrameBatch((callback) => requestAnimationFrame(callback), CHARTS_A_FRAME);
  const data = client.readQuery(WorkspaceDocument, {})?.data;
  const store = createStore<WorkspaceState>(() => ({ ...workspace, isMaximised: false, spare: [], dialog: undefined }));
  return {
    client,
    connection,
    frames,
    takeTurn: createTurns((callback) => requestAnimationFrame(callback)),
    market: createMarketFeed({ client, frames, wall, isSeen, freshness: data?.freshness ?? [] }),
    workspace: store,
    rows: createMarketRows(client, data, byTurnover(data?.marketSummary ?? [])),
    feeds: new Map(),
    charts: createChartSync(() => store.getState().sync),
  };
}

/** Tells whether somebody sees the page. */
export function isSeen(): boolean {
  return document.visibilityState === 'visible';
}

function byTurnover(summaries: readonly SummaryFields[]): string[] {
  const turnoverOf = ({ quoteVolume24h }: SummaryFields) => quoteVolume24h ?? NOTHING;
  return summaries.toSorted((a, b) => compareDecimals(turnoverOf(b), turnoverOf(a))).map(({ symbol }) => symbol);
}

const ServicesContext = createContext<Services | undefined>(undefined);

export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('a part of the workspace stands outside of it');
  return services;
}

export function useWorkspace<T>(select: (state: WorkspaceState) => T): T {
  return useStore(useServices().workspace, select);
}

export function useMarket<T>(select: (state: MarketState) => T): T {
  return useStore(useServices().market.state, select);
}
