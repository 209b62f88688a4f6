/** One line or row of dots of a chart. */
export interface ChartSeries {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly style?: 'line' | 'dots' | 'dashed';
}

/** A chart with linear axes. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly ChartSeries[];
  /** Texts for whole x from 0 on, where they are names. */
  readonly xNames?: readonly string[];
}

const SIZE = { width: 760, height: 380, left: 70, right: 190, top: 40, bottom: 50 };
const COLOURS = ['#1f77b4', '#d62728', '#2ca02c', '#9467bd', '#ff7f0e', '#17becf', '#8c564b', '#7f7f7f'];
const TICKS = 5;

/** Draws a chart as a text of SVG. Points that are not finite break the line. */
export function toSvg(chart: Chart): string {
  const all = chart.series.flatMap(({ points }) => points.filter(([x, y]) => Number.isFinite(x) && Number.isFinite(y)));
  const [x0, x1] = spanOf(all.map(([x]) => x));
  const [y0, y1] = spanOf(all.map(([, y]) => y));
  const x = (value: number) => SIZE.left + ((value - x0) / (x1 - x0)) * (SIZE.width - SIZE.left - SIZE.right);
  const y = (value: number) => SIZE.height - SIZE.bottom - ((value - y0) / (y1 - y0)) * (SIZE.height - SIZE.top - SIZE.bottom);
  const middle = (SIZE.left + SIZE.width - SIZE.right) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(chart.title)}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="#fff"/>`,
    text(middle, 22, chart.title, 'middle'),
    text(middle, SIZE.height - 12, chart.xLabel, 'middle'),
    `<g transform="rotate(-90 16 ${SIZE.height / 2})">${text(16, SIZE.height / 2, chart.yLabel, 'middle')}</g>`,
    ...ticks(y0, y1).map(
      (value) => `${grid(SIZE.left, y(value), SIZE.width - SIZE.right, y(value))}${text(SIZE.left - 6, y(value) + 4, short(value), 'end')}`,
    ),
    ...(chart.xNames
      ? chart.xNames.map((name, index) => text(x(index), SIZE.height - SIZE.bottom + 16, name, 'middle'))
      : ticks(x0, x1).map((value) => text(x(value), SIZE.height - SIZE.bottom + 16, short(value), 'middle'))),
    ...chart.series.map((series, index) => drawSeries(series, COLOURS[index % COLOURS.length] as string, x, y)),
    ...chart.series.map(
      ({ label }, index) =>
        `<rect x="${SIZE.width - SIZE.right + 12}" y="${SIZE.top + index * 18 - 9}" width="10" height="10" fill="${COLOURS[index % COLOURS.length]}"/>` +
        text(SIZE.width - SIZE.right + 28, SIZE.top + index * 18, label, 'start'),
    ),
    '</svg>',
  ].join('\n');
}

function drawSeries({ points, style = 'line' }: ChartSeries, colour: string, x: (v: number) => number, y: (v: number) => number): string {
  const known = points.filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b));
  if (style === 'dots')
    return known
      .map(([a, b]) => `<circle cx="${x(a).toFixed(1)}" cy="${y(b).toFixed(1)}" r="2.5" fill="${colour}" fill-opacity="0.6"/>`)
      .join('');
  let path = '';
  let isDown = false;
  for (const [a, b] of points) {
    const isKnown = Number.isFinite(a) && Number.isFinite(b);
    if (isKnown) path += `${isDown ? 'L' : 'M'}${x(a).toFixed(1)} ${y(b).toFixed(1)}`;
    isDown = isKnown;
  }
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="1.6"${style === 'dashed' ? ' stroke-dasharray="5 4"' : ''}/>`;
}

function spanOf(values: readonly number[]): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(low)) return [0, 1];
  const margin = high > low ? (high - low) * 0.05 : Math.abs(high) * 0.05 + 1e-9;
  return [low - margin, high + margin];
}

function ticks(from: number, to: number): number[] {
  return Array.from({ length: TICKS }, (_, index) => from + ((index + 0.5) * (to - from)) / TICKS);
}

function short(value: number): string {
  return Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3) ? value.toExponential(1) : String(Math.round(value * 1e3) / 1e3);
}

function text(x: number, y: number, content: string, anchor: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function grid(x1: number, y1: number, x2: number, y2: number): string {
  return `<path d="M${x1} ${y1.toFixed(1)}L${x2} ${y2.toFixed(1)}" stroke="#ddd"/>`;
}
