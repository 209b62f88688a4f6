import { describe, expect, it } from 'vitest';
import { parseWorkspaceUrl, resolveWorkspace, withPane, workspaceHref } from './workspace-url.ts';

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

describe('withPane', () => {
  it('changes one pane and makes it the active one', () => {
    const before = resolveWorkspace(parse(''), TRACKED);
    const after = withPane(before, 2, { symbol: 'ADAUSDT' });
    expect(after.active).toBe(2);
    expect(after.panes[2]).toEqual({ symbol: 'ADAUSDT', interval: '15m' });
    expect(after.panes.filter((pane, index) => pane !== before.panes[index])).toHaveLength(1);
  });
});
