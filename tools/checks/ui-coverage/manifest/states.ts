import { developers, edge, pages, replayed, states, type UiSection, web } from '../ui-line.ts';

/** The section “States”. */
export const STATES_LINES: UiSection = {
  title: 'States',
  lines: [
    {
      id: 'states.empty',
      text: 'Skeletons keep the layout. Empty says why (not listed, no trades, before listing, gap under repair). Errors show the code and a retry.',
      claims: [
        {
          says: 'empty says why, not found says so',
          tests: [
            ...pages('with JavaScript off > a pair that is not tracked is not found'),
            ...web('charts/svg-candles.test.tsx', 'the server-rendered chart > keeps its box without a single candle'),
          ],
        },
        {
          says: 'errors show the code and a retry',
          tests: [
            ...developers('the desk for keys > says the code of what the gateway refuses'),
            ...web('workspace/pane-feed.test.ts', 'a pane feed > says why it failed, and tries again when told to'),
          ],
        },
      ],
    },
    {
      id: 'states.age',
      text: 'Data age is shown on the datum itself: what is older than twice its cadence desaturates and shows its age. Socket state and data freshness are two things.',
      claims: [
        {
          says: 'older than twice its cadence is stale',
          tests: web('market/duration-text.test.ts', 'isStale > begins after twice the cadence'),
        },
        {
          says: 'desaturates and shows its age in the browser; the socket is another thing',
          tests: states('pales what is older than twice its cadence and says how old it is, though the socket is up'),
        },
      ],
    },
    {
      id: 'states.reconnect',
      text: 'Reconnecting keeps the data, then says what was recovered ("37 candles recovered"). Simulated or replayed data carries an unmissable label on every page.',
      claims: [
        {
          says: 'data stays when the gateway is gone',
          tests: [
            ...edge('is still there when the gateway is gone, and says that it is stale'),
            ...pages('shows what is kept, and says how old it is, when the gateway is gone'),
          ],
        },
        {
          says: 'says what was recovered',
          tests: states('keeps its candles through a cut, then says how many it has caught up on'),
        },
        {
          says: 'simulated or replayed data is labelled on every page',
          tests: [
            ...pages('with JavaScript off > %s has its frame: heading, pages with the active one marked, source, footer, skip link'),
            ...replayed('shows candles and the last price with JavaScript off'),
          ],
        },
      ],
    },
  ],
};
