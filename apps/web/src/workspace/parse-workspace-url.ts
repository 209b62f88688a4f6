import { type EpochMs, parseInterval, SECOND_MS } from '@candlecast/domain';
import { parseChoices } from '../indicators/indicator-forms.ts';
import { DEFAULT_LAYOUT, parseLayout, shapeOf } from './layouts.ts';
import { parseColours } from './palette.ts';
import { parseSync } from './sync-switches.ts';
import { parseSizes } from './track-sizes.ts';
import { type PaneChoice, type TimeSpan, usualPane, VERSION, type Workspace } from './workspace-url.ts';

/** What an address asks for; a pane that it does not name is undefined. */
export interface WorkspaceWish extends Omit<Workspace, 'panes'> {
  readonly panes: readonly (PaneChoice | undefined)[];
}

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
