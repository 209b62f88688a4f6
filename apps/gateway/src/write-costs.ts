// `npm run costs:print -w @candlecast/gateway`: writes what fields cost from the code to the page that people read.
import { writeFileSync } from 'node:fs';
import { printCosts } from './schema/print-costs.ts';
import { schema } from './schema/schema.ts';

writeFileSync(new URL('../../../docs/api/costs.md', import.meta.url), printCosts(schema));
