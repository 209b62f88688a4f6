import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { listFiles, readText } from './workspaces.ts';

const code = listFiles(/^((packages|apps)\/.*|bench\/.*|e2e\/.*|tools\/.*)\.(ts|tsx|mjs)$/).filter(
  (path) => !/(^|\/)(generated|dist)\//.test(path),
);
const product = code.filter((path) => /^(packages|apps)\//.test(path) && !/\.test\.tsx?$/.test(path));

describe('files', () => {
  it('have at most 300 lines, tests 500', () => {
    const long = code
      .map((path) => ({ path, lines: readText(path).split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > (/\.test\.tsx?$/.test(path) ? 500 : 300));
    expect(long).toEqual([]);
  });

  it('have names that say what they hold', () => {
    expect(code.filter((path) => /\/(utils?|helpers?|types|common|misc)\.(ts|tsx|mjs)$/.test(path))).toEqual([]);
  });
});

describe('sources', () => {
  it('make floats of decimals in two named places only', () => {
    const allowed = /to-feature\.ts$|to-chart-number\.ts$|\/config\.ts$|^packages\/(exchange-sim|config)\/|^packages\/local\//;
    expect(uses(product, /\b(parseFloat|Number)\(/, allowed)).toEqual([]);
  });

  it('take a Clock instead of Date.now()', () => {
    expect(uses(product, /\bDate\.now\(/, /^packages\/domain\/src\/time\.ts$|\/main\.ts$/)).toEqual([]);
  });

  it('read the environment in config.ts and main.ts only', () => {
    expect(
      uses(product, /\bprocess\.env\b/, /\/(config|main)\.ts$|\.config\.(ts|mjs)$|^packages\/(testkit|local)\/|^apps\/web\/src\/server\//),
    ).toEqual([]);
  });

  it('keep the word kline where the wire format is', () => {
    expect(
      uses(
        product,
        /(?<!spar)kline/i,
        /^apps\/ingest\/src\/binance\/|^packages\/exchange-sim\/|^packages\/candle-files\/|^packages\/config\/src\/settings\.ts$/,
      ),
    ).toEqual([]);
  });

  it('never swallow an error', () => {
    expect(uses(code, /catch\s*(\([^)]*\))?\s*\{\s*\}/, /^$/)).toEqual([]);
  });

  it('never sleep in a test', () => {
    const tests = code.filter((path) => /\.test\.tsx?$/.test(path));
    expect(uses(tests, /\bsleep\(|setTimeout\([^,]*resolve/, /^packages\/testkit\/|conventions\.test\.ts$/)).toEqual([]);
  });

  it('mark work only with an issue', () => {
    const offences = code
      .filter((path) => !path.endsWith('conventions.test.ts'))
      .flatMap((path) => (/\b(TODO(?!\(#\d+\))|FIXME|XXX)\b/.test(readText(path)) ? [path] : []));
    expect(offences).toEqual([]);
  });

  it('build no SQL for Prisma from text', () => {
    expect(uses(product, /\$(queryRawUnsafe|executeRawUnsafe)|Prisma\.raw/, /^$/)).toEqual([]);
  });
});

/** Returns "path:line" of every match outside comments. */
function uses(paths: readonly string[], pattern: RegExp, allowed: RegExp): string[] {
  return paths
    .filter((path) => !allowed.test(path))
    .flatMap((path) =>
      withoutComments(path)
        .split('\n')
        .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 80)}`] : [])),
    );
}

function withoutComments(path: string): string {
  const text = readText(path);
  const spans: { pos: number; end: number }[] = [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    if (node.getChildCount() === 0) {
      for (const comments of [ts.getLeadingCommentRanges(text, node.pos), ts.getTrailingCommentRanges(text, node.end)])
        if (comments) spans.push(...comments);
      return;
    }
    for (const child of node.getChildren(file)) visit(child);
  };
  visit(file);
  return spans.reduce((rest, { pos, end }) => rest.slice(0, pos) + rest.slice(pos, end).replaceAll(/[^\n]/g, ' ') + rest.slice(end), text);
}
