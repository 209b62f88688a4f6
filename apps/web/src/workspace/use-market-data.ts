import { useQuery } from 'urql';
import { type FreshnessFields, type InstrumentFields, type SummaryFields, WorkspaceDocument } from '../graphql/documents.ts';

/** A pair with its last 24 hours and its freshness. */
export interface MarketRow {
  readonly instrument: InstrumentFields;
  readonly summary: SummaryFields | undefined;
  readonly freshness: FreshnessFields | undefined;
}

/** Returns every tracked pair, in the gateway's order. Rows change when the cache learns something newer. */
export function useMarketRows(): readonly MarketRow[] {
  const [{ data }] = useQuery({ query: WorkspaceDocument, variables: {} });
  return (data?.instruments.edges ?? []).map(({ node }) => ({
    instrument: node,
    summary: data?.marketSummary.find(({ symbol }) => symbol === node.id),
    freshness: data?.freshness.find(({ symbol }) => symbol === node.id),
  }));
}
