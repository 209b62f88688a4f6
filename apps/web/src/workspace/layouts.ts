/** The arrangements of charts that can be chosen: how many, and side by side (`h`) or one above the other (`v`) where there are two. */
export const LAYOUTS = ['1', '2h', '2v', '3', '4', '6', '9'] as const;
export type Layout = (typeof LAYOUTS)[number];

export const DEFAULT_LAYOUT: Layout = '4';

/** Where a pane lies in the grid: counted from 0, spans in tracks. */
export interface Place {
  readonly column: number;
  readonly row: number;
  readonly rowSpan: number;
}

/** The grid of a layout: its tracks, and the place of each pane in their order. */
export interface Shape {
  readonly label: string;
  readonly columns: number;
  readonly rows: number;
  readonly places: readonly Place[];
}

const SHAPES: Readonly<Record<Layout, Shape>> = {
  '1': grid('One chart', 1, 1),
  '2h': grid('Two, side by side', 2, 1),
  '2v': grid('Two, one above the other', 1, 2),
  '3': {
    label: 'One large, two small',
    columns: 2,
    rows: 2,
    places: [
      { column: 0, row: 0, rowSpan: 2 },
      { column: 1, row: 0, rowSpan: 1 },
      { column: 1, row: 1, rowSpan: 1 },
    ],
  },
  '4': grid('Four', 2, 2),
  '6': grid('Six', 3, 2),
  '9': grid('Nine', 3, 3),
};

export function shapeOf(layout: Layout): Shape {
  return SHAPES[layout];
}

/** Returns the layout of that name; undefined when there is none. */
export function parseLayout(text: string | undefined): Layout | undefined {
  return LAYOUTS.find((layout) => layout === text);
}

function grid(label: string, columns: number, rows: number): Shape {
  const places = Array.from({ length: columns * rows }, (_, index) => ({
    column: index % columns,
    row: Math.floor(index / columns),
    rowSpan: 1,
  }));
  return { label, columns, rows, places };
}
