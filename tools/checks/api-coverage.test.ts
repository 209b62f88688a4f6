import { describe, expect, it } from 'vitest';
import { compareWithTests } from './api-coverage/compare.ts';
import { type CoverageInput, cover } from './api-coverage/cover.ts';
import { listTestTitles } from './api-coverage/list-test-titles.ts';
import { printCoverage } from './api-coverage/print-coverage.ts';
import { readContract } from './api-coverage/read-contract.ts';
import { readText } from './workspaces.ts';

describe('the contract of the API', () => {
  const result = compareWithTests();

  it('has a test for every line, and for everything in the schema', () => expect(result.problems).toEqual([]));

  it('has its table of tests up to date (npm run docs:coverage)', () => {
    expect(readText('docs/api/coverage.md')).toBe(printCoverage(result));
  });

  it('says what is not built yet', () => {
    if (result.open.length > 0) console.info(`${result.open.length} lines of the contract are pending: ${result.open.join(' ')}`);
    expect(result.open).toEqual(result.rows.filter(({ waitsFor }) => waitsFor !== undefined).map(({ id }) => id));
  });
});

describe('cover', () => {
  const sound: CoverageInput = {
    contract: readContract('| `Query.a` | x |\n| `Query.a(n)` | x |\n| `R.rule` | x |\n| `Query.later` | x |\n'),
    schemaElements: ['Query.a', 'Query.a(n)', 'Query.extra'],
    coverage: { 'Query.a*': ['a.test.ts > suite > title'], 'Query.extra': ['a.test.ts > alone'], 'R.rule': ['a.test.ts > alone'] },
    pending: { 'Query.later': 'the next step' },
    readTest: (path) => (path === 'a.test.ts' ? { titles: ['suite > title', 'alone'], text: '{ a(n: 1) extra }' } : undefined),
  };

  it('finds nothing wrong where everything has a test', () => expect(cover(sound).problems).toEqual([]));

  it.each<[string, Partial<CoverageInput>, string]>([
    [
      'a line without a test',
      { coverage: { 'Query.*': ['a.test.ts > alone'] } },
      '"R.rule" has no test: name one in tools/checks/api-coverage/manifest',
    ],
    [
      'a field of the schema without one',
      { schemaElements: [...sound.schemaElements, 'Query.new'] },
      '"Query.new" has no test: name one in tools/checks/api-coverage/manifest',
    ],
    [
      'a file that is not there',
      { coverage: { ...sound.coverage, 'R.rule': ['b.test.ts > alone'] } },
      '"R.rule" names the test file "b.test.ts", which does not exist',
    ],
    [
      'a title that is not there',
      { coverage: { ...sound.coverage, 'R.rule': ['a.test.ts > gone'] } },
      '"R.rule" names "gone", which is no test of a.test.ts',
    ],
    [
      'a key for nothing',
      { coverage: { ...sound.coverage, 'Query.b': ['a.test.ts > alone'] } },
      '"Query.b" of the coverage is no line of the contract and nothing of the schema',
    ],
    [
      'something pending that is built',
      { schemaElements: [...sound.schemaElements, 'Query.later'] },
      '"Query.later" is pending, but in the schema: name its test in tools/checks/api-coverage/manifest',
    ],
    [
      'something pending that nobody asked for',
      { pending: { ...sound.pending, 'Query.never': 'x' } },
      '"Query.never" is pending, but no line of the contract',
    ],
    [
      'a promise that is not in the schema',
      { schemaElements: ['Query.a', 'Query.extra'] },
      '"Query.a(n)" is in the contract, but not in the schema',
    ],
    [
      'a test whose file does not know the field',
      { schemaElements: [...sound.schemaElements, 'Query.b'], coverage: { ...sound.coverage, 'Query.b': ['a.test.ts > alone'] } },
      '"Query.b" is said to be held by a test of a file that does not even mention it: a.test.ts > alone',
    ],
  ])('reports %s', (_, change, problem) => expect(cover({ ...sound, ...change }).problems).toContain(problem));
});

describe('listTestTitles', () => {
  it('finds tests in all the ways that they are written', () => {
    const text = `
      it('alone', () => {});
      describe('suite', () => {
        it.each([1])('each %i', () => {});
        it.skipIf(true)(\`named \${x}\`, () => {});
        describe.each([1])('of %i', () => { test.only("inner", () => {}); });
        for (const a of b) it('looped', () => expect(it).toBe('no title'));
      });`;
    expect(listTestTitles('x.test.ts', text)).toEqual([
      'alone',
      'suite > each %i',
      ['suite > named $', 'x}'].join('{'),
      'suite > of %i > inner',
      'suite > looped',
    ]);
  });
});

it('refuses an id that stands twice in the contract', () => {
  expect(() => readContract('| `R.a` | x |\n| `R.a` | y |\n')).toThrow('"R.a" twice');
});
