import { describe, expect, it } from 'vitest';
import { LAYOUTS, shapeOf } from './layouts.ts';
import { parseWorkspaceUrl, resolveWorkspace } from './parse-workspace-url.ts';
import { withLayout, withPane, workspaceHref } from './workspace-url.ts';

const parse = (query: string) => {
  const params = new URLSearchParams(query);
  return parseWorkspaceUrl((name) => params.get(name) ?? undefined);
};
const TRACKED = ['ADAUSDT', 'BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT'];

describe('the address of a workspace', () => {
  it('comes back as it was written', () => {
    const workspace = resolveWorkspace(parse('panes=ADAUSDT@1d,BTCUSDT@4h,BTCUSDT@1m,SOLUSDT@1w&active=3&theme=light'), TRACKED);
    expect(resolveWorkspace(parse(workspaceHref(workspace).slice(2)), TRACKED)).toEqual(workspace);
    expect(workspaceHref(workspace)).toBe('/?v=1&panes=ADAUSDT@1d,BTCUSDT@4h,BTCUSDT@1m,SOLUSDT@1w&active=3&theme=light');
  });

  it('is filled with well-known pairs where it says nothing', () => {
    expect(resolveWorkspace(parse(''), TRACKED)).toEqual({
      layout: '4',
      columns: [],
      rows: [],
      sync: { symbol: false, interval: false, crosshair: true, time: false, range: false },
      clock: 'utc',
      colours: 'usual',
      range: undefined,
      panes: [
        { symbol: 'BTCUSDT', interval: '1m' },
        { symbol: 'ETHUSDT', interval: '5m' },
        { symbol: 'SOLUSDT', interval: '15m' },
        { symbol: 'XRPUSDT', interval: '1h' },
      ],
      active: 0,
      theme: 'dark',
    });
  });

  it('shows the one pair there is in every pane', () => {
    expect(resolveWorkspace(parse(''), ['ETHBTC']).panes.map(({ symbol }) => symbol)).toEqual(['ETHBTC', 'ETHBTC', 'ETHBTC', 'ETHBTC']);
  });

  it.each([
    'panes=BTCUSDT@7m',
    'panes=@1m',
    'panes=<script>@1m',
    'panes=,,,,,,,',
    'active=9',
    'active=x',
    'v=2&panes=ADAUSDT@1d',
    'theme=pink',
    'layout=5',
    'sync=xyz',
    'colours=zz',
    'cols=90.90',
    'range=20-10',
    'range=x',
    'scale=cubic,,,',
    'v=2&layout=9&sync=-&clock=local&colours=mono',
  ])('falls back to what is usual for "%s"', (query) => {
    expect(resolveWorkspace(parse(query), TRACKED)).toEqual(resolveWorkspace(parse(''), TRACKED));
  });

  it('keeps a pair that is not tracked, so that the page can say so', () => {
    expect(resolveWorkspace(parse('panes=FOOUSDT@5m'), TRACKED).panes[0]).toEqual({ symbol: 'FOOUSDT', interval: '5m' });
  });

  it('takes symbols of any alphabet', () => {
    const workspace = resolveWorkspace(parse('panes=币安USDT@1m'), TRACKED);
    expect(resolveWorkspace(parse(workspaceHref(workspace).slice(2)), TRACKED)).toEqual(workspace);
  });
});

describe('every part of an address', () => {
  const QUERY =
    'v=1&layout=2h&panes=BTCUSDT@1m,ETHUSDT@1h&active=2&ind=sma20.macd12-26-9,&cmp=,SOLUSDT&scale=log,&cols=60.40&sync=sir&clock=local' +
    '&theme=light&colours=26a69a-ef5350&range=1700000000-1700003600';

  it('comes back as it was written', () => {
    expect(workspaceHref(resolveWorkspace(parse(QUERY), TRACKED))).toBe(`/?${QUERY}`);
  });

  it('says what it means', () => {
    expect(resolveWorkspace(parse(QUERY), TRACKED)).toMatchObject({
      layout: '2h',
      panes: [
        { symbol: 'BTCUSDT', interval: '1m', indicators: [{ kind: 'sma', settings: [20] }, { kind: 'macd' }], scale: 'log' },
        { symbol: 'ETHUSDT', interval: '1h', compare: 'SOLUSDT' },
      ],
      active: 1,
      columns: [60, 40],
      sync: { symbol: true, interval: true, crosshair: false, time: false, range: true },
      clock: 'local',
      colours: '26a69a-ef5350',
      range: { from: 1_700_000_000_000, to: 1_700_003_600_000 },
    });
  });

  it.each(LAYOUTS)('has as many panes as layout %s', (layout) => {
    const workspace = resolveWorkspace(parse(`layout=${layout}`), TRACKED);
    expect(workspace.panes).toHaveLength(shapeOf(layout).places.length);
    expect(resolveWorkspace(parse(workspaceHref(workspace).slice(2)), TRACKED)).toEqual(workspace);
  });
});

describe('withLayout', () => {
  it('keeps the panes that have a place, and brings back those of before', () => {
    const before = resolveWorkspace(parse('panes=ADAUSDT@1d,BTCUSDT@4h,BTCUSDT@1m,SOLUSDT@1w&active=4'), TRACKED);
    const one = withLayout(before, '1', TRACKED);
    expect(one.panes).toEqual(before.panes.slice(0, 1));
    expect(one.active).toBe(0);
    expect(withLayout(one, '4', TRACKED, before.panes).panes).toEqual(before.panes);
    expect(withLayout(one, '2v', TRACKED).panes[1]).toEqual({ symbol: 'ETHUSDT', interval: '5m' });
  });
});

describe('withPane', () => {
  it('changes what is in sync everywhere, and nothing else', () => {
    const before = resolveWorkspace(parse('sync=s'), TRACKED);
    const after = withPane(before, 1, { symbol: 'ADAUSDT', interval: '1w' });
    expect(after.panes.map(({ symbol }) => symbol)).toEqual(['ADAUSDT', 'ADAUSDT', 'ADAUSDT', 'ADAUSDT']);
    expect(after.panes.map(({ interval }) => interval)).toEqual(['1m', '1w', '15m', '1h']);
  });

  it('changes one pane and makes it the active one', () => {
    const before = resolveWorkspace(parse(''), TRACKED);
    const after = withPane(before, 2, { symbol: 'ADAUSDT' });
    expect(after.active).toBe(2);
    expect(after.panes[2]).toEqual({ symbol: 'ADAUSDT', interval: '15m' });
    expect(after.panes.filter((pane, index) => pane !== before.panes[index])).toHaveLength(1);
  });
});
