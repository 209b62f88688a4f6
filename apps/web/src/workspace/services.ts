import { type Clock, compareDecimals, toDecimal } from '@candlecast/domain';
import type { Client, SSRData } from '@urql/core';
import { createContext, useContext } from 'react';
import { createStore, type StoreApi, useStore } from 'zustand';
import { type ConnectionStore, createConnectionStore } from '../graphql/connection-store.ts';
import { createBrowserClient } from '../graphql/create-browser-client.ts';
import { type SummaryFields, WorkspaceDocument } from '../graphql/documents/workspace.ts';
import { createFrameBatch, type FrameBatch } from './frame-batch.ts';
import { createMarketFeed, type MarketFeed, type MarketState } from './market-feed.ts';
import type { PaneFeed } from './pane-feed.ts';
import { createTurns, type TakeTurn } from './take-turns.ts';
import type { Workspace } from './workspace-url.ts';

/** The workspace on this screen: what its address holds, and whether the active pane fills it. */
export interface WorkspaceState extends Workspace {
  readonly isMaximised: boolean;
}

/** Everything that the parts of the page share. */
export interface Services {
  readonly client: Client;
  readonly connection: ConnectionStore;
  readonly frames: FrameBatch;
  readonly takeTurn: TakeTurn;
  readonly market: MarketFeed;
  readonly workspace: StoreApi<WorkspaceState>;
  /** Ids of the tracked pairs, the largest turnover first. Kept while the page is open, so that rows do not jump. */
  readonly order: readonly string[];
  /** The feeds of the panes on screen, by the pane's index. */
  readonly feeds: Map<number, PaneFeed>;
}

const NOTHING = toDecimal('0');

interface Options {
  readonly workspace: Workspace;
  readonly rendered: SSRData;
  readonly socketUrl: string;
  readonly wall: Clock;
}

/** Makes the services of one page. Nothing runs before they are started. */
export function createServices({ workspace, rendered, socketUrl, wall }: Options): Services {
  const connection = createConnectionStore();
  const client = createBrowserClient({ rendered, socketUrl, connection });
  const frames = createFrameBatch((callback) => requestAnimationFrame(callback));
  const data = client.readQuery(WorkspaceDocument, {})?.data;
  return {
    client,
    connection,
    frames,
    takeTurn: createTurns((callback) => requestAnimationFrame(callback)),
    market: createMarketFeed({ client, frames, wall, freshness: data?.freshness ?? [] }),
    workspace: createStore<WorkspaceState>(() => ({ ...workspace, isMaximised: false })),
    order: byTurnover(data?.marketSummary ?? []),
    feeds: new Map(),
  };
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
