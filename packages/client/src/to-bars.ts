import type { ResultOf } from 'gql.tada';
import type { Bars } from './api-shapes.ts';
import type { BARS_QUERY } from './query-documents.ts';

/** Returns the bars of an answer. Nulls stand in columns with `fill: NULL` only, which the document does not ask for. */
export function toBars({ o, h, l, c, v, ...bars }: ResultOf<typeof BARS_QUERY>['bars']): Bars {
  return { ...bars, o: withoutNulls(o), h: withoutNulls(h), l: withoutNulls(l), c: withoutNulls(c), v: withoutNulls(v) };
}

function withoutNulls(column: readonly (number | null)[]): number[] {
  return column.filter((value) => value !== null);
}
