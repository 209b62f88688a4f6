import type { CoverageResult } from './cover.ts';

/** Returns `docs/api/coverage.md`. */
export function printCoverage({ rows }: CoverageResult): string {
  const line = ({ id, text, tests, waitsFor }: CoverageResult['rows'][number]) =>
    `| \`${id}\` | ${text} | ${waitsFor === undefined ? tests.map(toLink).join('<br>') : `*not built: ${waitsFor}*`} |`;
  const table = (title: string, some: readonly CoverageResult['rows'][number][]) =>
    `## ${title}\n\n| id | | tests |\n|---|---|---|\n${some.map(line).join('\n')}\n`;
  return [
    '# Coverage of the contract\n',
    'Made by `npm run docs:coverage` from [the contract](contract.md), the schema and `tools/checks/api-coverage`; do not edit. Every line has a',
    'test that holds it; `npm run verify` fails for one that has none, and for a test that is not there.\n',
    table(
      'Rules',
      rows.filter(({ id }) => id.startsWith('R.')),
    ),
    table(
      'Schema',
      rows.filter(({ id }) => !id.startsWith('R.')),
    ),
  ].join('\n');
}

function toLink(test: string): string {
  const [path = '', ...title] = test.split(' > ');
  return `[${title.join(' > ').replaceAll('|', '\\|')}](../../${path})`;
}
