import { type EpochMs, type Interval, SECOND_MS } from '@candlecast/domain';
import { formatChoice, type IndicatorChoice } from '../indicators/indicator-choice.ts';
import { DEFAULT_LAYOUT, type Layout, shapeOf } from './layouts.ts';
import { type Colours, DEFAULT_COLOURS, type Theme } from './palette.ts';
import { formatSync, type SyncSwitches } from './sync-switches.ts';
import { formatSizes } from './track-sizes.ts';

export type { Theme } from './palette.ts';

/** How a price axis is divided. With a pair to compare it is always in percent. */
export type Scale = 'linear' | 'log' | 'percent';

/** Times on axes: in UTC, or of this machine. */
export type ClockZone = 'utc' | 'local';

/** A span of time `[from, to)`. */
export interface TimeSpan {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What one pane shows. */
export interface PaneChoice {
  readonly symbol: string;
  readonly interval: Interval;
  readonly indicators?: readonly IndicatorChoice[];
  /** Symbol of the pair that is drawn beside it. */
  readonly compare?: string | undefined;
  readonly scale?: Scale;
}

/** The part of the workspace that its address holds. */
export interface Workspace {
  readonly layout: Layout;
  /** As many as the layout has. */
  readonly panes: readonly PaneChoice[];
  /** Index of the active pane. */
  readonly active: number;
  /** Sizes of the grid's tracks in percent; empty for even ones. */
  readonly columns: readonly number[];
  readonly rows: readonly number[];
  readonly sync: SyncSwitches;
  readonly clock: ClockZone;
  readonly theme: Theme;
  readonly colours: Colours;
  /** What the active pane shows when that is not the newest candles. */
  readonly range: TimeSpan | undefined;
}

/** Version of the address's form. Another one is read as no wish at all. Parts may be added to a version, for what is not there is as usual. */
export const VERSION = '1';
const DEFAULT_INTERVALS: readonly Interval[] = ['1m', '5m', '15m', '1h', '4h', '1d', '30m', '2h', '12h'];
const PREFERRED = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT'];

/** Returns the parts of an address by their names, in their order; what is as usual has none. */
export function toParts(workspace: Workspace): Readonly<Record<string, string>> {
  const { layout, panes, active, theme, clock, colours, range } = workspace;
  const perPane = (text: (pane: PaneChoice) => string) => {
    const texts = panes.map(text);
    return texts.every((one) => one === '') ? '' : texts.join(',');
  };
  const parts = {
    v: VERSION,
    layout: layout === DEFAULT_LAYOUT ? '' : layout,
    panes: panes.map(({ symbol, interval }) => `${encodeURIComponent(symbol)}@${interval}`).join(','),
    active: `${active + 1}`,
    ind: perPane(({ indicators }) => (indicators ?? []).map(formatChoice).join('.')),
    cmp: perPane(({ compare }) => encodeURIComponent(compare ?? '')),
    scale: perPane(({ scale = 'linear' }) => (scale === 'linear' ? '' : scale)),
    cols: formatSizes(workspace.columns),
    rows: formatSizes(workspace.rows),
    sync: formatSync(workspace.sync),
    clock: clock === 'local' ? clock : '',
    theme: theme === 'light' ? theme : '',
    colours: colours === DEFAULT_COLOURS ? '' : colours,
    range: range ? `${Math.round(range.from / SECOND_MS)}-${Math.round(range.to / SECOND_MS)}` : '',
  };
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== ''));
}

/** Returns the address of a workspace, relative to the page. */
export function workspaceHref(workspace: Workspace): string {
  return `/?${Object.entries(toParts(workspace))
    .map(([name, text]) => `${name}=${text}`)
    .join('&')}`;
}

/** Returns the workspace with another choice in one pane, which becomes the active one; in all of them where that is in sync. */
export function withPane<T extends Workspace>(workspace: T, index: number, choice: Partial<PaneChoice>): T {
  const { sync } = workspace;
  const shared = {
    ...(sync.symbol && choice.symbol !== undefined ? { symbol: choice.symbol } : {}),
    ...(sync.interval && choice.interval !== undefined ? { interval: choice.interval } : {}),
  };
  const panes = workspace.panes.map((pane, at) => (at === index ? { ...pane, ...choice } : { ...pane, ...shared }));
  return { ...workspace, active: index, panes: panes.map((pane, at) => keepSame(workspace.panes[at], pane)) };
}

/** Returns the workspace in another layout: the panes stay, as far as they have a place; new ones are those of `spare`, else the usual. */
export function withLayout<T extends Workspace>(
  workspace: T,
  layout: Layout,
  symbols: readonly string[],
  spare: readonly PaneChoice[] = [],
): T {
  const panes = shapeOf(layout).places.map((_, index) => workspace.panes[index] ?? spare[index] ?? usualPane(index, symbols));
  return { ...workspace, layout, panes, active: Math.min(workspace.active, panes.length - 1), columns: [], rows: [] };
}

/** Returns what the pane at `index` shows where nobody has chosen: well-known pairs first, each at another interval. */
export function usualPane(index: number, symbols: readonly string[]): PaneChoice {
  const ranked = [...PREFERRED.filter((symbol) => symbols.includes(symbol)), ...symbols.filter((symbol) => !PREFERRED.includes(symbol))];
  return { symbol: ranked[index % Math.max(1, ranked.length)] ?? 'BTCUSDT', interval: DEFAULT_INTERVALS[index] ?? '1h' };
}

/** A pane that is no other than before stays the same object, so that nothing of it is drawn again. */
function keepSame(before: PaneChoice | undefined, after: PaneChoice): PaneChoice {
  const names = Object.keys(after) as (keyof PaneChoice)[];
  return before && names.every((name) => before[name] === after[name]) ? before : after;
}
