import { access, budgets, charts, edge, forecasts, pages, replayed, states, type UiSection, web, workspace } from '../ui-line.ts';

/** The section “Sharing, access, speed”. */
export const SHARING_LINES: UiSection = {
  title: 'Sharing, access, speed',
  lines: [
    {
      id: 'sharing.url',
      text: 'The URL holds layout, symbols, intervals, indicators, range and theme, versioned. Named layouts in local storage, JSON export and import. Permalink to a moment and to a forecast.',
      claims: [
        {
          says: 'the address holds panes, symbols, intervals, theme, versioned',
          tests: web('workspace/workspace-url.test.ts', 'the address of a workspace > comes back as it was written'),
        },
        {
          says: 'layout, indicators and range in the address; named layouts; export and import',
          tests: [
            ...workspace(
              'has layouts of up to nine charts, whose dividers are moved with the keyboard; the address brings them back',
              'keeps the range in the address, moved in the overview, and its colours',
              'keeps layouts under names, and gives and takes them as a file',
            ),
            ...charts('draws indicators and another pair beside the candles, again from the address'),
          ],
        },
        {
          says: 'permalinks to a moment and to a forecast',
          tests: forecasts(
            'has a track record and a history without JavaScript, with a permalink and a CSV of the same forecasts',
            'plays the past, labelled, with nothing in it that was known later',
          ),
        },
      ],
    },
    {
      id: 'sharing.access',
      text: 'Dark and light, colour-blind palette, up and down colours selectable, reduced motion. Charts reachable by keyboard (arrows, Home, End, + and −), a polite live region, a table view of every chart. 44 px targets. WCAG 2.2 AA.',
      claims: [
        { says: 'dark and light, kept from page to page', tests: pages('keeps the theme from page to page') },
        {
          says: 'WCAG 2.2 AA as far as axe sees it, dark and light, desk and phone, on these pages',
          tests: access('%s in the %s theme on a %s has nothing that axe calls serious'),
        },
        {
          says: 'narrow screens: nothing wider, every page in a menu',
          tests: access('leads to every page from the menu of a phone, and nothing is wider than it'),
        },
        {
          says: 'palettes, table view of a chart',
          tests: [
            ...workspace('keeps the range in the address, moved in the overview, and its colours'),
            ...charts('says where candles are missing and why, in the chart and in its table'),
          ],
        },
        {
          says: 'charts by keyboard, a polite live region',
          tests: [
            ...workspace('takes a letter for a search, a digit for an interval, and ? for help'),
            ...charts('is moved and zoomed with the keyboard'),
          ],
        },
        {
          says: 'reduced motion; targets of 44 pixels',
          tests: access(
            '%s stands still for who wants it to',
            '%s can be touched: what is to be tapped measures 44 pixels, links in sentences aside',
          ),
        },
        { says: 'own colours', tests: charts('draws in colours of one’s own, again from the address') },
      ],
    },
    {
      id: 'speed.socket',
      text: 'One socket for all panes; updates batched per animation frame; hidden tabs pause and resume from the cursor.',
      claims: [
        {
          says: 'updates are batched by frame',
          tests: web('workspace/frame-batch.test.ts', 'createFrameBatch > runs everything that was asked for in one frame, each once'),
        },
        {
          says: 'one socket, under the visitor’s token',
          tests: edge('opens its socket with a token of the visitor, and with a new one when that has ended'),
        },
        {
          says: 'hidden tabs pause and resume from the cursor',
          tests: [
            ...states('stands still while nobody sees it, and goes on from its cursor'),
            ...web(
              'graphql/hidden-pause.test.ts',
              'a page that is hidden > pauses what flows after a while, and lets it go on when it is seen',
            ),
          ],
        },
      ],
    },
    {
      id: 'speed.budgets',
      text: 'Budgets: first-load JavaScript of the workspace at most 180 KB gzip; LCP ≤ 2.5 s, INP ≤ 200 ms, CLS ≤ 0.1 on the production build; nine live charts at ≥ 55 frames a second with no long task over 50 ms after load.',
      claims: [
        {
          says: 'first-load JavaScript of the workspace at most 180 KB gzip; nothing jumps',
          tests: budgets('%s runs at most %d KB of scripts to begin with, and nothing in it jumps'),
        },
        {
          says: 'the largest paint, the slowest interaction, frames of nine live charts, long tasks, the heap after minutes',
          measuredBy: 'bench:web',
        },
      ],
    },
    {
      id: 'speed.first-paint',
      text: 'First paint shows real candles: the page is rendered on the server from cacheable snapshots (an SVG candle chart and the last price, readable with JavaScript off), then resumes live from their cursor. If the gateway is down, cached history still renders, marked stale.',
      claims: [
        {
          says: 'real candles with JavaScript off',
          tests: [
            ...replayed('shows candles and the last price with JavaScript off'),
            ...pages('with JavaScript off > /i/BTCUSDT shows candles, price, record and the other pairs'),
            ...web(
              'charts/svg-candles.test.tsx',
              'the server-rendered chart > is readable text: the last price and round prices on the axis, times in UTC',
            ),
          ],
        },
        {
          says: 'live from its cursor',
          tests: [
            ...web('workspace/pane-feed.test.ts', 'a pane feed > shows the newest candles, then follows from their cursor'),
            ...pages('shows a new price live, on the table and on the page of the pair'),
          ],
        },
        {
          says: 'cached history when the gateway is down, marked stale',
          tests: [
            ...edge('is still there when the gateway is gone, and says that it is stale'),
            ...pages('shows what is kept, and says how old it is, when the gateway is gone'),
          ],
        },
      ],
    },
    {
      id: 'speed.one-client',
      text: 'All data goes through one urql client: server rendering with @urql/next, persisted documents, a normalised cache with explicit keys, subscriptions over the resuming client. No other fetch, socket or hand-kept cache in `apps/web`.',
      claims: [
        {
          says: 'persisted documents, by GET where they are the same for everybody',
          tests: [
            ...web(
              'graphql/print-documents.test.ts',
              'the list of queries that go by GET > has the hashes under which the gateway knows them (the same command)',
            ),
            ...edge('is read in chunks by GET, each under the address of its revision'),
          ],
        },
      ],
    },
  ],
};
