// `npm run schema:print -w @candlecast/gateway`: writes the schema from the code to the file that clients read.
import { writeFileSync } from 'node:fs';
import { printSortedSchema } from './schema/print-schema.ts';

writeFileSync(new URL('../schema.graphql', import.meta.url), printSortedSchema());
