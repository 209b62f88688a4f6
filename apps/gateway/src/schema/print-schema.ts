import { type GraphQLSchema, lexicographicSortSchema, parse, print, printSchema, visit } from 'graphql';
import { schema } from './schema.ts';

/** Returns the schema as text, sorted, so that a diff shows what changed. */
export function printSortedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

/** Returns a schema as text, sorted and without descriptions: what documents depend on. */
export function printBareSchema(of: GraphQLSchema): string {
  const definitions = parse(printSchema(lexicographicSortSchema(of)));
  return `${print(visit(definitions, { enter: (node) => ('description' in node ? { ...node, description: undefined } : undefined) }))}\n`;
}
