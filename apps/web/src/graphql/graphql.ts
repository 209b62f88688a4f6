import type { Decimal, Interval } from '@candlecast/domain';
import { initGraphQLTada } from 'gql.tada';
import type { introspection } from '../../generated/introspection.d.ts';

/** Makes a document whose data and variables are typed by the gateway's schema. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { Cursor: string; Date: string; DateTime: string; Decimal: Decimal; Horizon: string; Interval: Interval };
}>();
