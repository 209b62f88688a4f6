import { type EpochMs, type Interval, parseInterval, SECOND_MS } from '@candlecast/domain';
import { formatChoice, type IndicatorChoice, parseChoices } from '../indicators/indicator-choice.ts';
import { DEFAULT_LAYOUT, type Layout, parseLayout, shapeOf } from './layouts.ts';
import { type Colours, DEFAULT_COLOURS, parseColours, type Theme } from './palette.ts';
import { formatSync, parseSync, type SyncSwitches } from './sync-switches.ts';
import { formatSizes, parseSizes } from './track-sizes.ts';

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

/** What an address asks for; a pane that it does not name is undefined. */
export interface WorkspaceWish extends Omit<Workspace, 'panes'> {
  readonly panes: readonly (PaneChoice | undefined)[];
}

/** Version of the address's form. Another one is read as no wish at all. Parts may be added to a version, for what is not there is as usual. */
const VERSION = '1';
const DEFAULT_INTERVALS: readonly Interval[] = ['1m', '5m', '15m', '1h', '4h', '1d', '30m', '2h', '12h'];
const PREFERRED = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'XRPUSDT'];
const SYMBOL = /^[\p{L}\p{N}._-]{1,40}$/u;

/**
 * Reads the query of an address: `v=1&layout=4&panes=BTCUSDT@1m,ETHUSDT@5m&active=2&ind=sma20.rsi14,&cmp=ETHUSDT,&scale=log,&cols=60.40&
 * rows=50.50&sync=ct&clock=local&theme=light&colours=classic&range=1700000000-1700003600`. Nothing in it can be wrong enough to fail.
 */
export function parseWorkspaceUrl(read: (name: string) => string | undefined): WorkspaceWish {
  const theme = read('theme') === 'light' ? 'light' : 'dark';
  const isKnown = (read('v') ?? VERSION) === VERSION;
  const part = (name: string) => (isKnown ? read(name) : undefined);
  const layout = parseLayout(part('layout')) ?? DEFAULT_LAYOUT;
  const count = shapeOf(layout).places.length;
  const active = Number.parseInt(/^[1-9]$/.exec(part('active') ?? '')?.[0] ?? '1', 10) - 1;
  const list = (name: string) => (part(name) ?? '').split(',');
  const [indicators, compare, scales] = [list('ind'), list('cmp'), list('scale')];
  const panes = list('panes')
    .slice(0, count)
    .map((text, index) => parsePane(text, indicators[index] ?? '', compare[index] ?? '', scales[index]));
  return {
    layout,
    panes,
    active: active < count ? active : 0,
    columns: parseSizes(part('cols')),
    rows: parseSizes(part('rows')),
    sync: parseSync(part('sync')),
    clock: part('clock') === 'local' ? 'local' : 'utc',
    theme,
    colours: parseColours(part('colours')),
    range: parseRange(part('range')),
  };
}

/** Fills what the wish leaves open from the tracked symbols, well-known pairs first. */
export function resolveWorkspace(wish: WorkspaceWish, symbols: readonly string[]): Workspace {
  const panes = shapeOf(wish.layout).places.map((_, index) => wish.panes[index] ?? usualPane(index, symbols));
  return { ...wish, panes };
}

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

function usualPane(index: number, symbols: readonly string[]): PaneChoice {
  const ranked = [...PREFERRED.filter((symbol) => symbols.includes(symbol)), ...symbols.filter((symbol) => !PREFERRED.includes(symbol))];
  return { symbol: ranked[index % Math.max(1, ranked.length)] ?? 'BTCUSDT', interval: DEFAULT_INTERVALS[index] ?? '1h' };
}

/** A pane that is no other than before stays the same object, so that nothing of it is drawn again. */
function keepSame(before: PaneChoice | undefined, after: PaneChoice): PaneChoice {
  const names = Object.keys(after) as (keyof PaneChoice)[];
  return before && names.every((name) => before[name] === after[name]) ? before : after;
}

function parsePane(text: string, indicators: string, compare: string, scale: string | undefined): PaneChoice | undefined {
  const [symbol = '', name = ''] = text.split('@');
  const interval = parseInterval(name);
  if (!SYMBOL.test(symbol) || !interval) return undefined;
  const choices = parseChoices(indicators);
  return {
    symbol: symbol.toUpperCase(),
    interval,
    ...(choices.length > 0 ? { indicators: choices } : {}),
    ...(SYMBOL.test(compare) ? { compare: compare.toUpperCase() } : {}),
    ...(scale === 'log' || scale === 'percent' ? { scale } : {}),
  };
}

function parseRange(text: string | undefined): TimeSpan | undefined {
  const [, from = '', to = ''] = /^(\d{1,10})-(\d{1,10})$/.exec(text ?? '') ?? [];
  const span = { from: (Number.parseInt(from, 10) * SECOND_MS) as EpochMs, to: (Number.parseInt(to, 10) * SECOND_MS) as EpochMs };
  return span.from < span.to ? span : undefined;
}
