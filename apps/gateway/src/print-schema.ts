import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { schema } from './schema/schema.ts';

/** Where the printed schema is committed. */
export const SCHEMA_FILE = join(import.meta.dirname, '../schema.graphql');

/** Returns the schema as text, sorted, so that a diff shows what changed. */
export function printSortedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}

if (process.argv[1] === import.meta.filename) writeFileSync(SCHEMA_FILE, printSortedSchema());
