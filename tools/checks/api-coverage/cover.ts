import type { ContractLine } from './read-contract.ts';

/** A test that holds a line: `path/of/the.test.ts > suite > title`, as in the file's source. */
export type TestName = string;

/** Which tests hold which lines. A key is an id; `*` in it stands for any text: `Candle.*`, `Query.candles*`. */
export type CoverageMap = Readonly<Record<string, readonly TestName[]>>;

/** A line that is not built yet, and what it waits for. */
export type PendingMap = Readonly<Record<string, string>>;

/** A test file: the titles of its tests, and its source. */
export interface TestFile {
  readonly titles: readonly string[];
  readonly text: string;
}

/** What is known before anything is compared. */
export interface CoverageInput {
  readonly contract: readonly ContractLine[];
  readonly schemaElements: readonly string[];
  readonly coverage: CoverageMap;
  readonly pending: PendingMap;
  /** Reads a test file; undefined when there is no such file. */
  readonly readTest: (path: string) => TestFile | undefined;
}

/** What is wrong, one sentence each; and each line with its tests. */
export interface CoverageResult {
  readonly problems: readonly string[];
  readonly rows: readonly {
    readonly id: string;
    readonly text: string;
    readonly tests: readonly TestName[];
    readonly waitsFor: string | undefined;
  }[];
  /** Ids of the contract that are not built. */
  readonly open: readonly string[];
}

/** Compares contract, schema and tests: every line and element has a test that exists and whose
 * file knows its name, or is listed as pending and truly absent. */
export function cover({ contract, schemaElements, coverage, pending, readTest }: CoverageInput): CoverageResult {
  const problems: string[] = [];
  const elements = new Set(schemaElements);
  const texts = new Map(contract.map(({ id, text }) => [id, text]));
  const ids = [...new Set([...contract.map(({ id }) => id), ...schemaElements])];
  const patterns = Object.entries(coverage).map(([key, tests]) => ({ key, tests, matches: toMatcher(key) }));
  const waits = Object.entries(pending).map(([key, reason]) => ({ key, reason, matches: toMatcher(key) }));

  for (const { key, tests, matches } of patterns) {
    if (!ids.some(matches)) problems.push(`"${key}" of the coverage is no line of the contract and nothing of the schema`);
    if (tests.length === 0) problems.push(`"${key}" of the coverage names no test`);
    for (const test of tests) {
      const [path = '', ...title] = test.split(' > ');
      const titles = readTest(path)?.titles;
      if (!titles) problems.push(`"${key}" names the test file "${path}", which does not exist`);
      else if (!titles.includes(title.join(' > '))) problems.push(`"${key}" names "${title.join(' > ')}", which is no test of ${path}`);
    }
  }
  for (const { key, matches } of waits) {
    if (!ids.some(matches)) problems.push(`"${key}" is pending, but no line of the contract`);
    for (const id of ids.filter(matches)) {
      if (elements.has(id)) problems.push(`"${id}" is pending, but in the schema: name its test in tools/checks/api-coverage/manifest`);
    }
  }
  /** Tells whether a file of `tests` has the name of a field, argument, member or scalar in it. */
  function mentions(tests: readonly TestName[], id: string): boolean {
    const name = new RegExp(`\\b${/\((\w+)\)$/.exec(id)?.[1] ?? id.split('.').at(-1)}\\b`);
    return tests.some((test) => name.test(readTest(test.split(' > ')[0] ?? '')?.text ?? ''));
  }

  const rows = ids.map((id) => {
    const tests = [...new Set(patterns.filter(({ matches }) => matches(id)).flatMap((pattern) => pattern.tests))];
    const waitsFor = waits.find(({ matches }) => matches(id))?.reason;
    const isRule = id.startsWith('R.');
    if (tests.length === 0 && waitsFor === undefined) problems.push(`"${id}" has no test: name one in tools/checks/api-coverage/manifest`);
    if (waitsFor === undefined && !isRule && !elements.has(id)) problems.push(`"${id}" is in the contract, but not in the schema`);
    if (tests.length > 0 && waitsFor === undefined && !isRule && !mentions(tests, id))
      problems.push(`"${id}" is said to be held by a test of a file that does not even mention it: ${tests.join(', ')}`);
    return { id, text: texts.get(id) ?? '', tests, waitsFor };
  });
  return { problems, rows, open: rows.filter(({ waitsFor }) => waitsFor !== undefined).map(({ id }) => id) };
}

function toMatcher(key: string): (id: string) => boolean {
  const pattern = new RegExp(
    `^${key
      .split('*')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
  return (id) => pattern.test(id);
}
