import { charts, edge, forecasts, replayed, type UiSection, web, workspace } from '../ui-line.ts';

/** The section “Workspace”. */
export const WORKSPACE_LINES: UiSection = {
  title: 'Workspace',
  lines: [
    {
      id: 'workspace.layout',
      text: 'Layout presets 1, 2h, 2v, 3 (1+2), 4, 6, 9 with draggable dividers. One active pane with an outline; the top bar, watchlist and indicators act on it. Maximise with double-click or Alt+Enter, Esc returns. Narrow screens show the active pane and a "2 / 4" switcher.',
      claims: [
        {
          says: 'presets 1, 2h, 2v, 3, 4, 6, 9 with draggable dividers',
          tests: workspace(
            'has layouts of up to nine charts, whose dividers are moved with the keyboard; the address brings them back',
            'moves a divider with the pointer, and shows one chart a time on a phone',
          ),
        },
        {
          says: 'an active pane; its choice stands in the address',
          tests: web('workspace/workspace-url.test.ts', 'withPane > changes one pane and makes it the active one'),
        },
        {
          says: 'maximise by double-click and Alt+Enter, Esc returns',
          tests: workspace('has layouts of up to nine charts, whose dividers are moved with the keyboard; the address brings them back'),
        },
        {
          says: 'narrow screens show the active pane and a switcher',
          tests: workspace('moves a divider with the pointer, and shows one chart a time on a phone'),
        },
      ],
    },
    {
      id: 'workspace.sync',
      text: 'Five independent sync switches: symbol, interval, crosshair, time, date range. Crosshair is on by default; sync goes by time, not by index.',
      claims: [
        {
          says: 'crosshair, date range and interval in sync, by time',
          tests: workspace('points at the same time in all charts, and shows the same dates where that is switched on'),
        },
        {
          says: 'time alone: each chart keeps its zoom',
          tests: web(
            'workspace/chart-sync.test.ts',
            'charts in sync > end at the same time, each at its own zoom, where the range is their own',
          ),
        },
        {
          says: 'symbol in sync',
          tests: web('workspace/workspace-url.test.ts', 'withPane > changes what is in sync everywhere, and nothing else'),
        },
      ],
    },
    {
      id: 'workspace.keys',
      text: 'Search opens by typing a letter, interval entry by a digit, `?` lists shortcuts. Intervals 1m 3m 5m 15m 30m 1h 2h 4h 6h 12h 1d 1w, quick bar for 1m 5m 15m 1h 4h 1d.',
      claims: [
        {
          says: 'search by a letter, interval by a digit, ? lists shortcuts',
          tests: workspace('takes a letter for a search, a digit for an interval, and ? for help'),
        },
        { says: 'twelve intervals with a quick bar', tests: workspace('has six intervals in a row and all twelve in a menu') },
      ],
    },
    {
      id: 'workspace.pane',
      text: 'Each pane: OHLC and change legend, candle countdown, log and percent scale, UTC or local clock, volume with a moving average, jump-to-live when scrolled, endless scroll into history.',
      claims: [
        {
          says: 'OHLC legend, countdown, volume, jump to live',
          tests: [
            ...replayed('shows the recorded candles, goes live, and draws a forecast'),
            ...web('market/duration-text.test.ts', 'formatCountdown > writes %d ms as %s'),
          ],
        },
        {
          says: 'moving average of the volume',
          tests: web('indicators/run-indicators.test.ts', 'lines of indicators > average volume on every chart'),
        },
        {
          says: 'log and percent scale, local clock',
          tests: charts('divides the price axis evenly, by ratio, or in percent', 'writes times of this machine when told to'),
        },
        {
          says: 'endless scroll into history',
          tests: [
            ...edge('is read in chunks by GET, each under the address of its revision'),
            ...web(
              'workspace/pane-feed.test.ts',
              'a pane feed > fetches history chunk by chunk until there is none, and looks again when a candle has closed',
            ),
          ],
        },
      ],
    },
    {
      id: 'workspace.indicators',
      text: 'Indicators: SMA, EMA, Bollinger, VWAP, RSI, MACD, from a kept library rather than our own formulas.',
      claims: [
        {
          says: 'SMA, EMA, Bollinger, VWAP, RSI, MACD from a kept library',
          tests: [
            ...charts('draws indicators and another pair beside the candles, again from the address'),
            ...web(
              'indicators/run-indicators.test.ts',
              'lines of indicators > are the same candle by candle, each seen open first, as over the whole series',
            ),
          ],
        },
      ],
    },
    {
      id: 'workspace.track',
      text: 'Searching a pair that is not tracked offers to track it and shows a real progress bar while history is fetched.',
      claims: [
        {
          says: 'says that a pair is not tracked',
          tests: web(
            'workspace/workspace-url.test.ts',
            'the address of a workspace > keeps a pair that is not tracked, so that the page can say so',
          ),
        },
        {
          says: 'offers to track it, and says where a visitor may not',
          tests: workspace('takes a letter for a search, a digit for an interval, and ? for help'),
        },
        {
          says: 'a progress bar while history is fetched',
          tests: forecasts('tracks a pair that was searched for, and shows how its history comes'),
        },
      ],
    },
    {
      id: 'workspace.range',
      text: 'A range slider (overview of the whole loaded history) under the active pane.',
      claims: [
        {
          says: 'a range slider under the active pane',
          tests: workspace('keeps the range in the address, moved in the overview, and its colours'),
        },
      ],
    },
  ],
};
