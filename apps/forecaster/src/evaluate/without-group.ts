import type { DataSet } from '../dataset/data-set.ts';
import { columnsOfGroup, contextColumns } from '../features/bar-schema.ts';

/** Returns the data set with a group of context features unknown everywhere. */
export function withoutGroup(set: DataSet, group: string): DataSet {
  const columns = columnsOfGroup(set.schema, group);
  const width = contextColumns(set.schema).length;
  const context = set.context.slice();
  for (let row = 0; row < set.origins.length; row++) for (const column of columns) context[row * width + column] = Number.NaN;
  return { ...set, context };
}
