import { developers, forecasts, pages, replayed, type UiSection, web } from '../ui-line.ts';

/** The section “Pages”. */
export const PAGES_LINES: UiSection = {
  title: 'Pages',
  lines: [
    {
      id: 'pages.all',
      text: '`/` workspace · `/i/BTCUSDT` one instrument, rendered on the server: chart, six cards, model table, history grid, other instruments · `/markets` sortable table and per-day totals (symbol, date, trades, base volume, quote volume; date picker, pages) · `/forecasts` track record, prediction against actual with the naive line, history · `/models` running models as a table (horizon, type, depth in layers, update cadence, skill, coverage), cards, runs compared with loss curves, jobs · `/replay` date-time picker · `/about` method, limits, glossary · `/developers` keys, usage, quick start · `/status` feeds, gaps, freshness, drift.',
      claims: [
        { says: '/ is the workspace, rendered on the server', tests: replayed('shows candles and the last price with JavaScript off') },
        {
          says: '/i/SYMBOL: chart, model table, other instruments, rendered on the server',
          tests: pages(
            'with JavaScript off > /i/BTCUSDT shows candles, price, record and the other pairs',
            'with JavaScript off > a pair that is not tracked is not found',
          ),
        },
        {
          says: '/i/SYMBOL: six cards and history grid, rendered on the server',
          tests: forecasts('shows the six cards and the three hours on the page of a pair, too, without JavaScript'),
        },
        {
          says: '/markets: sortable table',
          tests: [
            ...pages(
              'with JavaScript off > /markets shows the last 24 hours, and a day’s exact totals',
              'sorts the table of markets, and its address says how',
            ),
            ...web('markets/sort-markets.test.ts', 'the table of markets > is sorted by %s, %s: exactly, and what has no number last'),
          ],
        },
        {
          says: '/markets: per-day totals with date picker and pages',
          tests: [
            ...pages('shows another day when one is picked'),
            ...web('markets/day-page.test.ts', 'the page of daily totals > is read of an address with %s'),
          ],
        },
        {
          says: '/forecasts: track record, prediction against actual, history',
          tests: forecasts('has a track record and a history without JavaScript, with a permalink and a CSV of the same forecasts'),
        },
        {
          says: '/models: running models with horizon, type, depth, cadence, skill, coverage',
          tests: [
            ...pages(
              'with JavaScript off > /models shows who runs, with depth, cadence, skill and coverage; trainings with their losses; jobs',
            ),
            ...web('models/running-models.test.ts', 'running models > are the newest champion of each horizon, the shortest first'),
          ],
        },
        {
          says: '/models: cards, runs compared with loss curves, jobs',
          tests: [
            ...pages(
              'with JavaScript off > a model card says what it is, what it was trained on, when next, and where the ledger stands',
              'compares the trainings that are chosen',
            ),
            ...web(
              'models/loss-curves.test.ts',
              'loss curves > are parts of the baseline’s loss, by epoch; epochs without a loss are left out',
            ),
          ],
        },
        { says: '/replay: date-time picker', tests: forecasts('plays the past, labelled, with nothing in it that was known later') },
        { says: '/about: method, limits, glossary', tests: pages('with JavaScript off > /about and /developers have the docs’ own words') },
        {
          says: '/developers: keys, usage, quick start',
          tests: developers(
            'the desk for keys > makes, rotates and revokes keys with an admin key, which is kept nowhere',
            'the box that asks the gateway > runs an example as a visitor, and documents of one’s own with a key',
          ),
        },
        {
          says: '/status: feeds, gaps, freshness, drift',
          tests: [
            ...pages('with JavaScript off > /status shows freshness, the gap ledger with its reason, drift, and what failed'),
            ...web('status/drift.test.ts', 'drift > where %s'),
          ],
        },
      ],
    },
  ],
};
