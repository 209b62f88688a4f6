import { type Interval, parseInterval } from '@candlecast/domain';

export type Theme = 'dark' | 'light';

/** What one pane shows. */
export interface PaneChoice {
  readonly symbol: string;
  readonly interval: Interval;
}

/** The part of the workspace that its address holds. */
export interface Workspace {
  readonly panes: readonly PaneChoice[];
  /** Index of the active pane. */
  readonly active: number;
  readonly theme: Theme;
}

/** What an address asks for; what it does not say is undefined. */
export interface WorkspaceWish {
  readonly panes: readonly (PaneChoice | undefined)[];
  readonly active: number;
  readonly theme: Theme;
}

/** Version of the address's form. Another one is read as no wish at all. */
const VERSION = '1';
const PANES = 4;
const DEFAULT_INTERVALS: readonly Interval[] = ['1m', '5m', '15m', '1h'];
const PREFERRED = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT'];
const SYMBOL = /^[\p{L}\p{N}._-]{1,40}$/u;

/** Reads the query of an address: `v=1&panes=BTCUSDT@1m,ETHUSDT@5m&active=2&theme=light`. Nothing in it can be wrong enough to fail. */
export function parseWorkspaceUrl(read: (name: string) => string | undefined): WorkspaceWish {
  const theme = read('theme') === 'light' ? 'light' : 'dark';
  if ((read('v') ?? VERSION) !== VERSION) return { panes: [], active: 0, theme };
  const panes = (read('panes') ?? '').split(',').slice(0, PANES).map(parsePane);
  const active = ['1', '2', '3', '4'].indexOf(read('active') ?? '1');
  return { panes, active: Math.max(0, active), theme };
}

/** Fills what the wish leaves open from the tracked symbols, well-known pairs first. */
export function resolveWorkspace(wish: WorkspaceWish, symbols: readonly string[]): Workspace {
  const ranked = [...PREFERRED.filter((symbol) => symbols.includes(symbol)), ...symbols.filter((symbol) => !PREFERRED.includes(symbol))];
  const panes = DEFAULT_INTERVALS.map((interval, index) => ({
    symbol: wish.panes[index]?.symbol ?? ranked[index % Math.max(1, ranked.length)] ?? 'BTCUSDT',
    interval: wish.panes[index]?.interval ?? interval,
  }));
  return { panes, active: wish.active, theme: wish.theme };
}

/** Returns the address of a workspace, relative to the page. */
export function workspaceHref({ panes, active, theme }: Workspace): string {
  const choices = panes.map(({ symbol, interval }) => `${encodeURIComponent(symbol)}@${interval}`).join(',');
  return `/?v=${VERSION}&panes=${choices}&active=${active + 1}${theme === 'light' ? '&theme=light' : ''}`;
}

/** Returns the workspace with another choice in one pane, which becomes the active one. */
export function withPane(workspace: Workspace, index: number, choice: Partial<PaneChoice>): Workspace {
  return { ...workspace, active: index, panes: workspace.panes.map((pane, at) => (at === index ? { ...pane, ...choice } : pane)) };
}

function parsePane(text: string): PaneChoice | undefined {
  const [symbol = '', name = ''] = text.split('@');
  const interval = parseInterval(name);
  return SYMBOL.test(symbol) && interval ? { symbol: symbol.toUpperCase(), interval } : undefined;
}
