import type { UpdatesConfig } from '@urql/exchange-graphcache';
import { WorkspaceDocument } from './documents/workspace.ts';

/** What the cache learns from mutations beside the entities they return: a pair that is tracked now is one of those that are listed. */
export const cacheUpdates: UpdatesConfig = {
  Mutation: {
    trackInstrument(result, { symbol }, cache) {
      cache.invalidate('Query', 'instrument', { symbol: symbol ?? null });
      const node = result.trackInstrument;
      cache.updateQuery({ query: WorkspaceDocument, variables: {} }, (data) => {
        const { edges } = data?.instruments ?? {};
        if (!data || !edges || edges.some((edge) => edge.node.symbol === symbol)) return data;
        const edge = { __typename: 'InstrumentEdge', node } as unknown as (typeof edges)[number];
        return { ...data, instruments: { ...data.instruments, edges: [...edges, edge] } };
      });
    },
  },
};
