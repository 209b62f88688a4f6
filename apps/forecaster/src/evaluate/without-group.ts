import type { DataSet } from '../dataset/data-set.ts';
import { contextColumns, FEATURE_GROUPS } from '../features/bar-schema.ts';

/** Returns the positions of a group's columns in the context. */
export function columnsOfGroup({ schema }: DataSet, group: string): number[] {
  const pattern = FEATURE_GROUPS[group];
  return contextColumns(schema).flatMap((name, column) => (pattern?.test(name) ? [column] : []));
}

/** Returns the data set with a group of context features unknown everywhere. */
export function withoutGroup(set: DataSet, group: string): DataSet {
  const columns = columnsOfGroup(set, group);
  const width = contextColumns(set.schema).length;
  const context = set.context.slice();
  for (let row = 0; row < set.origins.length; row++) for (const column of columns) context[row * width + column] = Number.NaN;
  return { ...set, context };
}
