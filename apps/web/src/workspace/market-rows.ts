import type { Client } from '@urql/core';
import type { ResultOf } from 'gql.tada';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type FreshnessFields, type InstrumentFields, type SummaryFields, WorkspaceDocument } from '../graphql/documents/workspace.ts';

type WorkspaceData = ResultOf<typeof WorkspaceDocument>;

/** A pair with its last 24 hours and its freshness. */
export interface MarketRow {
  readonly instrument: InstrumentFields;
  readonly summary: SummaryFields | undefined;
  readonly freshness: FreshnessFields | undefined;
}

/** Every tracked pair, as the cache knows it. */
export interface MarketRows {
  readonly state: StoreApi<readonly MarketRow[]>;
  /** Follows what the cache learns. Returns how to stop. */
  follow(): () => void;
}

/** Returns the rows as the page was rendered with them, in the given order of ids; pairs that came later follow. */
export function createMarketRows(client: Client, data: WorkspaceData | undefined, order: readonly string[]): MarketRows {
  const state = createStore<readonly MarketRow[]>(() => toRows(data, order));
  return {
    state,
    follow() {
      const answers = client.query(WorkspaceDocument, {});
      return answers.subscribe((answer) => answer.data && state.setState(toRows(answer.data, order), true)).unsubscribe;
    },
  };
}

function toRows(data: WorkspaceData | undefined, order: readonly string[]): readonly MarketRow[] {
  const rows = (data?.instruments.edges ?? []).map(({ node }) => ({
    instrument: node,
    summary: data?.marketSummary.find(({ symbol }) => symbol === node.id),
    freshness: data?.freshness.find(({ symbol }) => symbol === node.id),
  }));
  const rankOf = ({ instrument }: MarketRow) => (order.includes(instrument.id) ? order.indexOf(instrument.id) : order.length);
  return rows.sort((a, b) => rankOf(a) - rankOf(b));
}
