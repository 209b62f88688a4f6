import { describe, expect, it } from 'vitest';
import { parseWorkspaceUrl, resolveWorkspace } from './parse-workspace-url.ts';
import { formatLayouts, LONGEST_NAME, MOST_LAYOUTS, parseLayouts, toWish, withLayoutSaved } from './saved-layouts.ts';
import type { Workspace } from './workspace-url.ts';

const TRACKED = ['BTCUSDT', 'ETHUSDT', '币安USDT'];
const QUERY = 'layout=3&panes=币安USDT@1m,ETHUSDT@1h,BTCUSDT@1d&active=2&ind=sma20.rsi14,,&cmp=,币安USDT,&cols=70.30&theme=light';

function workspaceOf(query: string): Workspace {
  const params = new URLSearchParams(query);
  return resolveWorkspace(
    parseWorkspaceUrl((name) => params.get(name) ?? undefined),
    TRACKED,
  );
}

function saved(name: string, query = QUERY) {
  const result = withLayoutSaved([], name, workspaceOf(query));
  if (!result.ok) throw result.error;
  return result.value;
}

describe('layouts under a name', () => {
  it('come back from a file as they were saved', () => {
    const read = parseLayouts(formatLayouts(saved('My desk')));
    if (!read.ok) throw read.error;
    expect(read.value.map(({ name }) => name)).toEqual(['My desk']);
    const [layout] = read.value;
    expect(layout && resolveWorkspace(toWish(layout), TRACKED)).toEqual(workspaceOf(QUERY));
  });

  it('take the place of one of the same name', () => {
    const result = withLayoutSaved(saved('a'), ' a ', workspaceOf('layout=9'));
    expect(result.ok && result.value.map(({ parts }) => parts.layout)).toEqual(['9']);
  });

  it.each(['', '   ', 'x'.repeat(LONGEST_NAME + 1)])('refuse the name "%s"', (name) => {
    const result = withLayoutSaved([], name, workspaceOf(''));
    expect(!result.ok && result.error.message).toContain(`not 1 to ${LONGEST_NAME}`);
  });

  it('are no more than fifty', () => {
    const many = Array.from({ length: MOST_LAYOUTS }, (_, at) => ({ name: `${at}`, parts: {} }));
    expect(withLayoutSaved(many, 'one more', workspaceOf('')).ok).toBe(false);
    expect(withLayoutSaved(many, '7', workspaceOf('')).ok).toBe(true);
  });
});

describe('a file of layouts', () => {
  const file = (change: object) => JSON.stringify({ format: 'candlecast-layouts', version: 1, layouts: [], ...change });
  it.each([
    ['{', 'the file is no JSON'],
    ['[]', 'the file is not of the format "candlecast-layouts"'],
    [file({ format: 'x' }), 'the file is not of the format'],
    [file({ version: 2 }), 'the file has version 2, not 1'],
    [file({ layouts: {} }), '"layouts" is not a list'],
    [file({ layouts: [{ name: 'a', parts: { panes: 1 } }] }), 'layout 1 is not a name'],
    [file({ layouts: [{ name: '', parts: {} }] }), 'layout 1 is not a name'],
    [
      file({
        layouts: [
          { name: 'a', parts: {} },
          { name: 'a', parts: {} },
        ],
      }),
      'the name "a" stands there twice',
    ],
    [' '.repeat(200_001), 'the file has 200001 characters'],
  ])('that is wrong is refused: %.60s', (text, message) => {
    const result = parseLayouts(text);
    expect(!result.ok && result.error.message).toContain(message);
    expect(!result.ok && result.error.code).toBe('BAD_USER_INPUT');
  });

  it('is harmless whatever its parts say', () => {
    const read = parseLayouts(file({ layouts: [{ name: 'a', parts: { panes: '<script>', __proto__: 'x', layout: '77' } }] }));
    if (!read.ok) throw read.error;
    expect(read.value.map((layout) => resolveWorkspace(toWish(layout), TRACKED).layout)).toEqual(['4']);
  });
});
