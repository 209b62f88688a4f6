import type { UiClaim, UiSection } from './ui-line.ts';

/** Returns `docs/ui/coverage.md`. */
export function printUiCoverage(sections: readonly UiSection[]): string {
  const claims = sections.flatMap(({ lines }) => lines.flatMap((line) => line.claims));
  const open = claims.filter(({ waitsFor }) => waitsFor !== undefined).length;
  return [
    '# Coverage of the web app\n',
    'Made by `npm run docs:coverage` from `tools/checks/ui-coverage`; do not edit. Every line of what the web app is to do is cut into what it promises;',
    'each part has a test that holds it, a measurement with a floor, or says what it waits for. `npm run verify` fails for one that has neither, and for a test that is not there.\n',
    `${claims.length} promises, ${open} of them waiting.\n`,
    ...sections.map(printSection),
  ].join('\n');
}

function printSection({ title, lines }: UiSection): string {
  const rows = lines.flatMap(({ id, claims }) => claims.map((claim) => `| \`${id}\` | ${inCell(claim.says)} | ${printTests(claim)} |`));
  return `## ${title || 'In general'}\n\n| line | promise | tests |\n|---|---|---|\n${rows.join('\n')}\n`;
}

function printTests({ tests = [], waitsFor, measuredBy }: UiClaim): string {
  if (measuredBy !== undefined) return `\`npm run ${measuredBy}\` ends with 1 below its floor`;
  if (waitsFor !== undefined) return `*waits for ${inCell(waitsFor)}*`;
  return tests
    .map((test) => {
      const [path = '', ...title] = test.split(' > ');
      return `[${inCell(title.at(-1) ?? '')}](../../${path})`;
    })
    .join('<br>');
}

function inCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
