// `npm run docs:coverage`: writes docs/api/coverage.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspaces.ts';
import { compareWithTests } from './compare.ts';
import { printCoverage } from './print-coverage.ts';

const result = compareWithTests();
writeFileSync(join(ROOT, 'docs/api/coverage.md'), printCoverage(result));
process.stdout.write(result.problems.map((problem) => `${problem}\n`).join(''));
process.stdout.write(`${result.rows.length} lines, ${result.open.length} not built yet, ${result.problems.length} problems\n`);
