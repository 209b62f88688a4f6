/** The colours of a chart, as CSS colours. */
export interface ChartColours {
  readonly surface: string;
  readonly text: string;
  readonly grid: string;
  readonly crosshair: string;
  readonly crosshairLabel: string;
  readonly up: string;
  readonly down: string;
  readonly upVolume: string;
  readonly downVolume: string;
  readonly fanLine: string;
  readonly fanOuter: string;
  readonly fanInner: string;
  readonly now: string;
  readonly gap: string;
  /** What lines are drawn in, one after the other. */
  readonly lines: readonly string[];
  readonly fontFamily: string;
}

const LINES = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6'];

/** Returns the colours that the style sheet gives `element`, so that both themes are written down once, in CSS. */
export function readColours(element: HTMLElement): ChartColours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    surface: read('--surface'),
    text: read('--axis'),
    grid: read('--grid'),
    crosshair: read('--crosshair'),
    crosshairLabel: read('--crosshair-label'),
    up: read('--up'),
    down: read('--down'),
    upVolume: read('--up-volume'),
    downVolume: read('--down-volume'),
    fanLine: read('--fan-line'),
    fanOuter: read('--fan-outer'),
    fanInner: read('--fan-inner'),
    now: read('--axis'),
    gap: read('--warn'),
    lines: LINES.map((name) => read(name)),
    fontFamily: style.fontFamily,
  };
}
