import { describe, expect, it } from 'vitest';
import { compareUiWithTests } from './ui-coverage/compare-ui.ts';
import { coverUi } from './ui-coverage/cover-ui.ts';
import { UI_SECTIONS } from './ui-coverage/manifest/sections.ts';
import { printUiCoverage } from './ui-coverage/print-ui-coverage.ts';
import { readLines } from './ui-coverage/read-lines.ts';
import type { UiClaim } from './ui-coverage/ui-line.ts';
import { readText } from './workspaces.ts';

describe('what the web app is to do', () => {
  it('has a test for every line, or says that it is not built', () => expect(compareUiWithTests()).toEqual([]));

  it('has its table of tests up to date (npm run docs:coverage)', () => {
    expect(readText('docs/ui/coverage.md')).toBe(printUiCoverage(UI_SECTIONS));
  });
});

describe('coverUi', () => {
  const cover = (claims: readonly UiClaim[], described = [{ section: 'S', text: 'the line' }]) =>
    coverUi({
      sections: [{ title: 'S', lines: [{ id: 's.line', text: 'the line', claims }] }],
      described,
      readTest: (path) => (path === 'a.test.ts' ? { titles: ['suite > title'] } : undefined),
      scripts: ['bench:a'],
    });

  it('finds nothing wrong where every claim has a test or waits', () => {
    expect(
      cover([
        { says: 'a', tests: ['a.test.ts > suite > title'] },
        { says: 'b', waitsFor: 'later' },
        { says: 'c', measuredBy: 'bench:a' },
      ]),
    ).toEqual([]);
  });

  it.each<[string, readonly UiClaim[], string]>([
    ['a line that is mapped to nothing', [], '"s.line" is mapped to nothing: name a test, or what it waits for'],
    ['a claim with neither', [{ says: 'a' }], '"s.line: a" needs tests, or what measures it, or what it waits for: one of them'],
    [
      'a claim with both',
      [{ says: 'a', tests: ['a.test.ts > suite > title'], waitsFor: 'x' }],
      '"s.line: a" needs tests, or what measures it, or what it waits for: one of them',
    ],
    ['a script that is not there', [{ says: 'a', measuredBy: 'bench:b' }], '"s.line: a" names "npm run bench:b", which is no script'],
    [
      'a file that is not there',
      [{ says: 'a', tests: ['b.test.ts > x'] }],
      '"s.line: a" names the test file "b.test.ts", which does not exist',
    ],
    ['a title that is not there', [{ says: 'a', tests: ['a.test.ts > x'] }], '"s.line: a" names "x", which is no test of a.test.ts'],
  ])('reports %s', (_, claims, problem) => expect(cover(claims)).toEqual([problem]));

  it('reports a line that is new, and one that is gone', () => {
    expect(cover([{ says: 'a', waitsFor: 'later' }], [{ section: 'S', text: 'another' }])).toEqual([
      'not mapped in tools/checks/ui-coverage/manifest: "S: another"',
      'in the manifest, but not in the description: "S: the line"',
    ]);
  });
});

it('reads bullets and paragraphs with their breaks taken out', () => {
  expect(readLines('# T\n\nIntro\ngoes on.\n\n## S\n- one\n  more\n- two\n\nPara.\n')).toEqual([
    { section: '', text: 'Intro goes on.' },
    { section: 'S', text: 'one more' },
    { section: 'S', text: 'two' },
    { section: 'S', text: 'Para.' },
  ]);
});
