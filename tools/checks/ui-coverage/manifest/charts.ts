import { pages, replayed, type UiSection } from '../ui-line.ts';

/** What stands before the first section. */
export const CHARTS_LINES: UiSection = {
  title: '',
  lines: [
    {
      id: 'charts.engine',
      text: 'Chart engine: lightweight-charts 5 (keep its attribution logo), behind our own thin port; the grid, sync and forecast primitives are ours.',
      claims: [
        {
          says: 'charts by lightweight-charts behind a port, with its attribution',
          tests: [
            ...replayed('shows the recorded candles, goes live, and draws a forecast'),
            ...pages('with JavaScript off > %s has its frame: heading, pages with the active one marked, source, footer, skip link'),
          ],
        },
      ],
    },
  ],
};
