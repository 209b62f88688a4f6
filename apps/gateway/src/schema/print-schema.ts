import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema.ts';

/** Returns the schema as text, sorted, so that a diff shows what changed. */
export function printSortedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
