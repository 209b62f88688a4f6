import ts from 'typescript';

/** Names under which vitest knows a suite or a test. */
const SUITES: ReadonlySet<string> = new Set(['describe', 'suite']);
const TESTS: ReadonlySet<string> = new Set(['it', 'test']);

/**
 * Returns the titles of all tests of a file as they stand in its source, those of their suites before them: `suite > title`. A title of
 * `it.each` keeps its `%s`, one in backquotes its `${…}`.
 */
export function listTestTitles(path: string, text: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node, suites: readonly string[]): void => {
    if (ts.isCallExpression(node)) {
      const name = rootOf(node.expression);
      const [title, ...rest] = node.arguments;
      if (name !== undefined && title && rest.length > 0) {
        if (TESTS.has(name)) titles.push([...suites, textOf(title)].join(' > '));
        if (SUITES.has(name)) {
          for (const argument of rest) visit(argument, [...suites, textOf(title)]);
          return;
        }
      }
    }
    ts.forEachChild(node, (child) => visit(child, suites));
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true), []);
  return titles;
}

/** Returns `it` of `it(…)`, `it.only(…)`, `it.each(…)(…)` and `it.skipIf(…)(…)`; not of `it.each(…)` alone, which takes no title. */
function rootOf(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression))
    return ts.isPropertyAccessExpression(expression.expression) ? rootOf(expression.expression.expression) : undefined;
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  return ['each', 'for', 'skipIf', 'runIf'].includes(expression.name.text) ? undefined : rootOf(expression.expression);
}

function textOf(title: ts.Expression): string {
  if (ts.isStringLiteralLike(title)) return title.text;
  return title.getText().replace(/^`|`$/g, '');
}
