// `npm run schema:release -w @candlecast/gateway`: makes the schema of the code the one that later ones are compared with. It refuses one
// that breaks the last release, unless `-- --breaking` says that a new major version is meant.
import { readFileSync, writeFileSync } from 'node:fs';
import { buildSchema } from 'graphql';
import { printBareSchema } from './schema/print-schema.ts';
import { schema } from './schema/schema.ts';
import { listUnannouncedChanges } from './schema/schema-changes.ts';

const file = new URL('../schema.released.graphql', import.meta.url);
const changes = listUnannouncedChanges(buildSchema(readFileSync(file, 'utf8')), schema, new Date().toISOString().slice(0, 10));
if (changes.length > 0 && !process.argv.includes('--breaking')) {
  process.stderr.write(`the schema breaks the released one:\n${changes.map((change) => `  ${change}\n`).join('')}`);
  process.exitCode = 1;
} else {
  writeFileSync(file, printBareSchema(schema));
}
