import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../generated/introspection.ts';

/** Types documents by the gateway's schema. */
export const graphql = initGraphQLTada<{
  introspection: typeof introspection;
  disableMasking: true;
  scalars: { DateTime: string; Decimal: string; Interval: string; Horizon: string; Cursor: string };
}>();
