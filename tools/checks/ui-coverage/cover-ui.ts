import type { TestFile } from '../api-coverage/cover.ts';
import type { DescribedLine } from './read-lines.ts';
import type { UiSection } from './ui-line.ts';

interface Input {
  readonly sections: readonly UiSection[];
  /** The description itself; undefined where it is not beside the repository. */
  readonly described: readonly DescribedLine[] | undefined;
  /** Reads a test file; undefined when there is no such file. */
  readonly readTest: (path: string) => Pick<TestFile, 'titles'> | undefined;
  /** The names of what `npm run` can run. */
  readonly scripts: readonly string[];
}

/** Returns what is wrong, one sentence each: a line that is not mapped, a claim without a test, a test that is not there, a text that has changed. */
export function coverUi({ sections, described, readTest, scripts }: Input): string[] {
  const lines = sections.flatMap(({ title, lines: own }) => own.map((line) => ({ ...line, section: title })));
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const { id, claims } of lines) {
    if (seen.has(id)) problems.push(`the id "${id}" stands twice in the manifest`);
    seen.add(id);
    if (claims.length === 0) problems.push(`"${id}" is mapped to nothing: name a test, or what it waits for`);
    for (const { says, tests = [], waitsFor, measuredBy } of claims) {
      if ([tests.length > 0, waitsFor !== undefined, measuredBy !== undefined].filter(Boolean).length !== 1)
        problems.push(`"${id}: ${says}" needs tests, or what measures it, or what it waits for: one of them`);
      if (measuredBy !== undefined && !scripts.includes(measuredBy))
        problems.push(`"${id}: ${says}" names "npm run ${measuredBy}", which is no script`);
      for (const test of tests) {
        const [path = '', ...title] = test.split(' > ');
        const titles = readTest(path)?.titles;
        if (!titles) problems.push(`"${id}: ${says}" names the test file "${path}", which does not exist`);
        else if (!titles.includes(title.join(' > ')))
          problems.push(`"${id}: ${says}" names "${title.join(' > ')}", which is no test of ${path}`);
      }
    }
  }
  if (!described) return problems;
  const keyOf = ({ section, text }: DescribedLine) => `${section}: ${text}`;
  const [mapped, wanted] = [new Set(lines.map(keyOf)), new Set(described.map(keyOf))];
  for (const key of wanted) if (!mapped.has(key)) problems.push(`not mapped in tools/checks/ui-coverage/manifest: "${key}"`);
  for (const key of mapped) if (!wanted.has(key)) problems.push(`in the manifest, but not in the description: "${key}"`);
  return problems;
}
