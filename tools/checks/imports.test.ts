import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { listFiles, listWorkspaces, readText } from './workspaces.ts';

interface Rule {
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

const rules = readRules();
const workspaces = listWorkspaces();
const sources = listFiles(/^((packages|apps)\/[^/]+|bench|e2e)\/.*\.(ts|tsx|mts)$/).filter((path) => !path.includes('/generated/'));

describe('the table "Who may import whom" of docs/architecture.md', () => {
  it('has one row for every workspace', () => {
    expect([...rules.keys()].sort()).toEqual(workspaces.map(({ name }) => name).sort());
  });

  it.each(workspaces)('covers the manifest of $name', ({ name, dependencies, devDependencies }) => {
    const rule = ruleOf(name);
    expect(dependencies.filter((dependency) => !rule.sources.includes(dependency))).toEqual([]);
    expect(devDependencies.filter((dependency) => ![...rule.sources, ...rule.tests].includes(dependency))).toEqual([]);
  });

  it('covers every import in the sources', () => {
    const offences = sources.flatMap((path) => {
      const workspace = workspaces.find(({ folder }) => path.startsWith(`${folder}/`));
      if (!workspace) return [];
      const rule = ruleOf(workspace.name);
      const isTest =
        /\.test\.tsx?$/.test(path) ||
        /\/(testing|fixtures|compliance)\//.test(path) ||
        workspace.name === 'e2e' ||
        workspace.name === 'bench';
      const allowed = [workspace.name, ...rule.sources, ...(isTest ? rule.tests : [])];
      return importsOf(path)
        .filter((name) => name.startsWith('@candlecast/'))
        .filter((name) => !allowed.includes(name.split('/')[1] ?? ''))
        .map((name) => `${path} imports ${name}`);
    });
    expect(offences).toEqual([]);
  });

  it('lets nobody reach into another package', () => {
    const offences = sources.flatMap((path) =>
      importsOf(path)
        .filter((name) => /^@candlecast\/[^/]+\/(src|generated|dist)/.test(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(offences).toEqual([]);
  });
});

describe('finer import rules', () => {
  it.each([
    [
      'pg',
      /^(packages\/store\/src\/sql\/|packages\/bus\/src\/postgres\/|packages\/postgres\/|packages\/testkit\/|bench\/|e2e\/|tools\/|.*\.test\.ts$)/,
    ],
    [
      'ws',
      /^(packages\/exchange-sim\/|packages\/client\/|apps\/ingest\/src\/(binance|collect)\/|apps\/gateway\/src\/|bench\/|e2e\/|.*\.test\.ts$)/,
    ],
    ['onnxruntime-node', /^(apps\/forecaster\/src\/onnx\/|bench\/|e2e\/|.*\.test\.ts$)/],
  ])('only the right folders import %s', (library, allowed) => {
    expect(sources.filter((path) => !allowed.test(path) && importsOf(path).includes(library))).toEqual([]);
  });

  it('keeps store and bus out of the GraphQL schema', () => {
    expect(offenders(/^apps\/gateway\/src\/schema\//, /^@candlecast\/(store(?!\/pothos)|bus)/)).toEqual([]);
  });

  it('keeps TensorFlow out of what serves', () => {
    expect(offenders(/^apps\/forecaster\/src\/(onnx|serve)\//, /^@tensorflow\//)).toEqual([]);
  });

  it('keeps GraphQL out of the charts', () => {
    expect(offenders(/^apps\/web\/src\/charts\//, /graphql|urql|@candlecast\/client/)).toEqual([]);
  });

  it('keeps I/O out of the domain', () => {
    expect(offenders(/^packages\/domain\/src\/(?!.*\.test\.ts)/, /^[^.]/)).toEqual([]);
  });
});

function offenders(folder: RegExp, forbidden: RegExp): string[] {
  return sources
    .filter((path) => folder.test(path) && !path.endsWith('.test.ts'))
    .flatMap((path) =>
      importsOf(path)
        .filter((name) => forbidden.test(name))
        .map((name) => `${path} imports ${name}`),
    );
}

function importsOf(path: string): string[] {
  return ts.preProcessFile(readText(path), true, true).importedFiles.map(({ fileName }) => fileName);
}

function ruleOf(name: string): Rule {
  const rule = rules.get(name);
  if (!rule) throw new Error(`docs/architecture.md has no import rule for "${name}"`);
  return rule;
}

function readRules(): Map<string, Rule> {
  const table = readText('docs/architecture.md').split('## Who may import whom')[1] ?? '';
  const rows = table.split('\n').filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| workspace'));
  const names = (cell: string | undefined) =>
    (cell ?? '')
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '');
  return new Map(
    rows
      .map((row) => row.split('|').slice(1))
      .map(([name, source, test]) => [(name ?? '').trim(), { sources: names(source), tests: names(test) }]),
  );
}
