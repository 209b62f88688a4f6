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
  readonly fontFamily: string;
}

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
    fontFamily: style.fontFamily,
  };
}
