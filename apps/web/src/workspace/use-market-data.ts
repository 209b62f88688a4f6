import { useQuery } from 'urql';
import { type FreshnessFields, type InstrumentFields, type SummaryFields, WorkspaceDocument } from '../graphql/documents/workspace.ts';
import { useServices } from './services.ts';

/** A pair with its last 24 hours and its freshness. */
export interface MarketRow {
  readonly instrument: InstrumentFields;
  readonly summary: SummaryFields | undefined;
  readonly freshness: FreshnessFields | undefined;
}

/** Returns every tracked pair, the largest turnover first. Rows change when the cache learns something newer. */
export function useMarketRows(): readonly MarketRow[] {
  const { order } = useServices();
  const [{ data }] = useQuery({ query: WorkspaceDocument, variables: {} });
  const rows = (data?.instruments.edges ?? []).map(({ node }) => ({
    instrument: node,
    summary: data?.marketSummary.find(({ symbol }) => symbol === node.id),
    freshness: data?.freshness.find(({ symbol }) => symbol === node.id),
  }));
  const rankOf = ({ instrument }: MarketRow) => (order.includes(instrument.id) ? order.indexOf(instrument.id) : order.length);
  return rows.sort((a, b) => rankOf(a) - rankOf(b));
}
