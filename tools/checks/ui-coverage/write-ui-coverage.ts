// `npm run docs:coverage`: writes docs/ui/coverage.md.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspaces.ts';
import { compareUiWithTests } from './compare-ui.ts';
import { UI_SECTIONS } from './manifest/sections.ts';
import { printUiCoverage } from './print-ui-coverage.ts';

mkdirSync(join(ROOT, 'docs/ui'), { recursive: true });
writeFileSync(join(ROOT, 'docs/ui/coverage.md'), printUiCoverage(UI_SECTIONS));
process.stdout.write(
  compareUiWithTests()
    .map((problem) => `${problem}\n`)
    .join(''),
);
